"""What the tour leaves behind: every paper as Word file and PDF, and `summary.json` with what happened."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from desk import __version__
from desk.adapters.file_names import safe_name
from desk.commands.doctor import action_rules
from desk.deeds import derived
from desk.rules.case import TRACKS
from desk.rules.desks import whereabouts
from desk.services import case_file
from desk.services.doctor import examine

if TYPE_CHECKING:
    from desk.tour.film import Film
    from desk.tour.pace import Pace
    from desk.tour.stage import Stage, TourCase

SUMMARY = "summary.json"
_PAPERS = "papers"
_NUMBERS = text("""
SELECT 'invoice' AS kind, i.number, i.issued_on, i.total, i.valid_until,
  (SELECT string_agg(x.kind, ', ' ORDER BY x.at) FROM desk.invoice_end x
   WHERE x.office_id = i.office_id AND x.invoice_id = i.id) AS ended
FROM desk.invoice i WHERE i.office_id = :office_id AND i.case_id = :case_id
UNION ALL
SELECT 'sppd', a.number, a.issued_on, NULL, NULL, NULL FROM desk.agreement a
WHERE a.office_id = :office_id AND a.case_id = :case_id
UNION ALL
SELECT 'receipt', r.number, r.issued_on, r.amount, NULL, NULL FROM desk.receipt r
WHERE r.office_id = :office_id AND r.case_id = :case_id
UNION ALL
SELECT l.kind, l.number, l.issued_on, NULL, NULL, NULL FROM desk.letter l
WHERE l.office_id = :office_id AND l.case_id = :case_id
ORDER BY issued_on, number
""")
_PRINTS = text("""
SELECT d.title, e.mark, e.printer, e.by FROM desk.print_entry e
JOIN desk.document d ON d.office_id = e.office_id AND d.id = e.document_id ORDER BY e.at
""")
_HASHES = text("SELECT id, sha256 FROM desk.document WHERE office_id = :office_id AND case_id = :case_id")
_CONTENT = text(
    "SELECT string_agg(bytes, ''::bytea ORDER BY no) FROM desk.file_chunk "
    "WHERE office_id = :office_id AND sha256 = :sha256"
)


@dataclass(frozen=True, slots=True)
class Played:
    """The outcome of the stories, read before their database is thrown away."""

    cases: list[dict[str, Any]]
    clicked: list[str]
    refusals: list[tuple[str, str]]
    prints: list[dict[str, Any]]
    print_register: list[dict[str, Any]]
    findings: list[str]
    """What the doctor says about the office in the end."""


def collect(office: Stage, out: Path) -> Played:
    """Writes all papers and prints below `out` and gives what the summary says about each case."""
    sheets = sorted((office.folder / "cetakan").glob("*.pdf"))
    prints = [_write(out, Path("prints") / sheet.name, sheet.read_bytes()) for sheet in sheets]
    with Session(office.office.owner) as session:
        cases = [_case(session, case, office, out) for case in office.cases]
        register = [dict(row) for row in session.execute(_PRINTS).mappings()]
        findings = [finding.sentence for finding in examine(session, derived, action_rules(), files=True)]
    return Played(cases, office.clicked, office.refusals, prints, register, findings)


def write_summary(out: Path, played: Played, film: Film, pace: Pace, warnings: list[str], *, seconds: float) -> None:
    """Writes `summary.json`; amounts in whole rupiah, sizes in bytes, durations in seconds and milliseconds."""
    documents = [document for case in played.cases for document in case["documents"]]
    summary = {
        "program": {"name": "Meja PST", "version": __version__},
        "duration_seconds": round(seconds, 1),
        "longest_stall_ms": round(pace.longest_stall_ms),
        "totals": {
            "cases": len(played.cases),
            "closed": sum(1 for case in played.cases if case["states"]["stage"] == "closed"),
            "received_rupiah": sum(case["amounts"]["received"] or 0 for case in played.cases),
            "papers": sum(1 for document in documents if document["path"]),
            "screenshots": len(film.pictures),
        },
        "cases": played.cases,
        "findings": played.findings,
        "prints": played.prints,
        "print_register": played.print_register,
        "actions_clicked": sorted(set(played.clicked)),
        "refusals_shown": [{"action": action, "words": words} for action, words in played.refusals],
        "screenshots": [asdict(picture) for picture in film.pictures],
        "qt_warnings": warnings,
    }
    (out / SUMMARY).write_text(json.dumps(summary, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _case(session: Session, case: TourCase, office: Stage, out: Path) -> dict[str, Any]:
    view = case_file.case_view(session, case.office_id, case.id)
    facts, where = view.facts, {"office_id": case.office_id, "case_id": case.id}
    hashes = {row.id: str(row.sha256) for row in session.execute(_HASHES, where)}
    documents = []
    for entry in view.documents:
        written: dict[str, Any] = {
            "path": None,  # what came from the customer stays in the case
            "name": entry.name,
            "size": entry.size,
            "sha256": hashes[entry.id],
        }
        if entry.paper is not None:
            stored = session.execute(_CONTENT, {"office_id": case.office_id, "sha256": hashes[entry.id]}).scalar_one()
            path = Path(_PAPERS) / facts.office_code / safe_name(facts.number) / safe_name(entry.name)
            written |= _write(out, path, bytes(stored))
        documents.append(
            written
            | {"kind": entry.kind, "paper": entry.paper.value if entry.paper else None, "number": entry.number,
               "title": entry.title}
        )  # fmt: skip
    return {
        "office": facts.office_code,
        "number": facts.number,
        "customer": facts.customer_name,
        "channel": facts.channel.value,
        "path": case.path,
        "states": {column: facts.state_of(track).value for track, column in TRACKS.items()},
        "state_words": {column: facts.state_of(track).label for track, column in TRACKS.items()},
        "numbers": [
            {name: value if isinstance(value, int) else value and str(value) for name, value in row.items()}
            for row in session.execute(_NUMBERS, where).mappings()
        ],
        "amounts": {
            "invoice": facts.invoice.total if facts.invoice else None,
            "received": facts.payment.payment_amount,
        },
        "due": {
            "clear_on": _iso(facts.clear_on),
            "service_due": _iso(facts.service_due),
            "service_due_sentence": facts.service_due_why,
            "correction_due": _iso(facts.files.correction_due),
            "invoice_valid_until": _iso(facts.invoice.valid_until if facts.invoice else None),
            "waits_until": _iso(whereabouts(facts).due_on),
        },
        "story": [
            {"at": entry.at.isoformat(), "actor": entry.actor, "sentence": entry.sentence, "reason": entry.reason}
            for entry in view.story
        ],
        "sentences_read": office.sentences.get(case.id, []),
        "messages": len(view.messages),
        "documents": documents,
    }


def _write(out: Path, path: Path, content: bytes) -> dict[str, Any]:
    target = out / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    return {
        "path": path.as_posix(),
        "name": path.name,
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def _iso(day: Any) -> str | None:
    return day.isoformat() if day else None
