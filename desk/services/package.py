"""What the package of a delivery is made of, read from the case (standards, prosedur 7)."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from desk.rules.package import DataFile, PackageOrder
from desk.services import documents, replies
from desk.services.case_file import CaseView
from desk.services.rule_book import rules_of

_FILES = text("""
SELECT f.name, f.path, f.size, f.sha256, f.rows, f.variables
FROM desk.prepared_file f
WHERE f.office_id = :office_id AND f.preparation_id = (
  SELECT p.id FROM desk.preparation p WHERE p.office_id = :office_id AND p.case_id = :case_id
  ORDER BY p.attempt DESC LIMIT 1)
ORDER BY f.position
""")


def package_order(session: Session, view: CaseView, officer: str = "") -> PackageOrder:
    """The files as the second officer checked them, the scanned kuitansi, the clauses, and the limit of the channel.

    `officer` is the name below the words that bring the password.
    """
    case = view.facts
    in_force = rules_of(session, case)
    rows = session.execute(_FILES, {"office_id": case.office_id, "case_id": case.id})
    scans = [
        entry
        for entry in view.documents
        if entry.kind == "scan" and case.payment.receipt_id is not None and entry.subject_id == case.payment.receipt_id
    ][-1:]
    receipt = [(entry.name, documents.content(session, case.office_id, entry.id)) for entry in scans]
    return PackageOrder(
        number=case.number,
        agreement_number=case.agreement.number if case.agreement else "",
        version=case.files.version,
        channel=case.channel,
        files=tuple(DataFile(*row) for row in rows),
        clauses=in_force.agreement_clauses,
        limit=in_force.package_limits.get(str(case.channel.value)),
        receipt=receipt[0] if receipt else None,
        password_message=replies.password_message(session, view, officer) if officer else "",
    )
