"""The desk that forms are tried at: a worker for slow work, a folder for drafts, the shipped tariff, a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from desk import resources
from desk.rules.case import (
    Abstract,
    AgreementFacts,
    CaseFacts,
    Channel,
    CustomerClass,
    Data,
    Fit,
    InvoiceFacts,
    LineFacts,
    Money,
    MoneyFacts,
    Original,
    Stage,
)
from desk.rules.catalogue import Catalogue, CatalogueChoice
from desk.rules.package import PackageOrder
from desk.rules.rule_book import rules_from_toml, tariff_in_force
from desk.ui.background import Background
from desk.ui.forms.drafts import Drafts
from desk.ui.forms.surroundings import Colleague, Surroundings

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path

    from PySide6.QtWidgets import QWidget
    from sqlalchemy.orm import Session

    from desk.ui.forms import FormDialog

TODAY = date(2026, 11, 21)
LINE_1 = UUID("00000000-0000-0000-0000-000000000001")
LINE_2 = UUID("00000000-0000-0000-0000-000000000002")


def no_database() -> AbstractContextManager[Session]:
    """Forms read no database."""
    raise AssertionError("a form asked the database")


def around(folder: Path, background: Background) -> Surroundings:
    """Surroundings with the shipped tariff and a small catalogue."""
    rules = rules_from_toml(resources.resource("rule_book", "national.toml").read_text("utf-8"))
    return Surroundings(
        today=TODAY,
        login="rina",
        background=background,
        drafts=Drafts(folder),
        tariff=tariff_in_force(rules, TODAY, 1),
        catalogue=Catalogue(
            (
                CatalogueChoice("susenas-2025-03-kor", "Susenas Maret 2025 KOR", "microdata"),
                CatalogueChoice("podes-2024", "Potensi Desa 2024", "microdata"),
            )
        ),
        package=PackageOrder("PST-1600-2026-000001", "SPPD-001", 1, Channel.EMAIL, (), ("Hanya untuk riset.",), None),
        colleagues=(Colleague("fajar", "Fajar Rekaan"),),
    )


def case(**changes: Any) -> CaseFacts:
    """An invented case in the middle of its course."""
    given: dict[str, Any] = {
        "office_id": 1,
        "office_code": "1600",
        "id": UUID("00000000-0000-0000-0000-00000000000a"),
        "number": "PST-1600-2026-000123",
        "today": TODAY,
        "stage": Stage.ACTIVE,
        "money": Money.PROOF,
        "original": Original.RECEIVED,
        "data": Data.PREPARING,
        "customer_name": "Siti Contoh",
        "institution": "Universitas Contoh",
        "customer_class": CustomerClass.UNIVERSITY,
        "channel": Channel.EMAIL,
        "address": "Jalan Contoh 1, Palembang",
        "email": "siti@example.com",
        "phone": "+6281200000123",
        "registered_at": datetime(2026, 11, 2, 2, 0, tzinfo=UTC),
        "version": 3,
        "abstract": Abstract(
            title="Pengeluaran rumah tangga di perdesaan",
            background="Harga pangan naik. Rumah tangga di perdesaan menanggung bebannya lebih berat.",
            purpose="Mengukur perubahan pengeluaran pangan 2023 sampai 2025. Hasilnya menjadi bahan tesis.",
            method="Regresi panel atas data rumah tangga.",
        ),
        "lines": (
            LineFacts(LINE_1, 1, "Susenas Maret 2025 KOR", "microdata", 1_202_590_843, Fit.UNDECIDED, detail="Sumsel"),
            LineFacts(LINE_2, 2, "Peta desa Kota Contoh", "map_kabkota_desa", 2, Fit.UNDECIDED),
        ),
        "invoice": InvoiceFacts(
            UUID(int=11), "1600/INV/0123", 24_077_601, date(2026, 11, 9), date(2026, 12, 9), "budi", "INV-1600-26-0123"
        ),
        "agreement": AgreementFacts(
            UUID(int=12), "1600/SPPD/0123", 2026, 123, date(2026, 11, 9), 2, ("accepted", "received")
        ),
        "payment": MoneyFacts(proof_amount=24_000_000, proof_paid_on=date(2026, 11, 18), receipt_number="1600/KW/0007"),
    }
    return CaseFacts(**(given | changes))


@dataclass(frozen=True)
class Asking:
    """The part of an action that a form looks at."""

    id: str
    label: str
    asks: type
    help: str = ""
    confirm: str = ""
    shortcut: str = ""


def keys_of(form: FormDialog, name: str) -> QWidget:
    """The editor of a field that takes the keys."""
    editor = form.fields[name].focusProxy()
    assert editor is not None
    return editor
