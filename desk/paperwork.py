"""Makes the papers that are still missing: read what they say, fill and lay out in the child process, keep the bytes.

Three steps in two transactions, so that no number and no lock ever waits for a template. Safe to repeat after a crash.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Engine

from desk.adapters.database import transaction
from desk.adapters.paper import PaperShop
from desk.services.papers import keep_paper, missing_papers


def make_missing_papers(engine: Engine, shop: PaperShop, office_id: int, case_id: UUID) -> list[UUID]:
    """The ids of the PDFs that were made now; empty when all papers of the case exist.

    Raises Refused with the template's fault in words; sheets that were finished before it are kept.
    """
    with transaction(engine) as session:
        jobs = missing_papers(session, office_id, case_id)
    made = []
    for job in jobs:
        paper = shop.make(job.template, job.context, marks=job.marks, optional=job.optional)
        with transaction(engine) as session:
            made.append(keep_paper(session, job, paper.docx, paper.pdf))
    return made
