"""What lies on the desks of the tour: proofs, prepared files and signed originals, all invented."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.demo.letter import relief_letter
from desk.demo.scripts import proof_picture as picture
from desk.rules.papers import PaperKind

if TYPE_CHECKING:
    from pathlib import Path

    from desk.tour.stage import Stage, TourCase


def proof_picture(office: Stage) -> Path:
    """The picture that a customer sends as proof of payment."""
    return office.file("bukti_transfer.png", picture())


def letter(office: Stage) -> Path:
    """The application for nol rupiah."""
    return office.file("surat permohonan.pdf", relief_letter("Universitas Fiktif Batanghari", "022/UN99/PT/2026"))


def signed_original(office: Stage, case: TourCase) -> Path:
    """The scan of the SPPD that the customer has printed and sent back."""
    return office.file(f"SPPD {case.number} bertanda tangan.pdf", office.paper(case, PaperKind.SPPD))


def dataset(office: Stage, case: TourCase, name: str) -> Path:
    """A prepared file."""
    rows = "\n".join(f"99{line:04};{line * 37 % 1000}" for line in range(2_412))
    return office.file(name, f"wilayah;nilai_{case.number[-6:]}\n{rows}\n".encode())
