"""Money on the account that pays no invoice as it is: noted for what it is, with a word about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from desk.errors import Refused
from desk.rules.inputs import Question
from desk.rules.settling import Candidate
from desk.rules.statement import sen_text
from desk.ui.forms.plain_fields import PickField, TextField
from desk.ui.people_forms import Answers, PeopleForm

if TYPE_CHECKING:
    from desk.services.statement_matching import Waiting

KINDS: dict[str, str] = {
    "part": "kurang bayar, kekurangannya diminta",
    "over": "kelebihan bayar",
    "double": "pembayaran ganda",
    "late": "masuk setelah invoice berakhir",
    "returned": "sudah dikembalikan",
    "reversed": "ditarik kembali oleh bank",
    "other": "bukan pembayaran (bunga, koreksi bank, setoran lain)",
}
OF_CASE = ("part", "over", "double", "late")
"""Kinds that are money of a known customer: they need the case it belongs to."""


class SetApart(PeopleForm):
    """What the money is; with a known customer also what his or her case has to do with it."""

    def __init__(self, parent: QWidget | None, waiting: Waiting, candidate: Candidate | None) -> None:
        about = f"{sen_text(waiting.money.free_sen)} · {waiting.row.description}"
        super().__init__(parent, "set_apart", "Bukan untuk invoice", about, "Catat")
        kinds = [(kind, words) for kind, words in KINDS.items() if candidate is not None or kind not in OF_CASE]
        of = f" Tercatat pada {candidate.case_number}, {candidate.customer}." if candidate else ""
        self.add(PickField(Question("kind", "Uang apa ini", "choice", "", True, ()), kinds))
        help_ = "Nomor surat, tanggal pengembalian, atau asal uangnya." + of
        self.add(TextField(Question("note", "Keterangan", "text", help_, False, ())))

    def judge_together(self, answers: Answers) -> None:
        if answers["kind"] not in OF_CASE and not answers["note"]:
            raise Refused("Keterangan belum ditulis: uang apa ini, atau ke mana dan dengan surat apa dikembalikan.")
