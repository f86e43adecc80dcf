"""The field palette as people paste it: every tag that a template of a kind may hold, with what it means."""

from __future__ import annotations

from dataclasses import dataclass

from desk.rules.papers.fields import FIELDS, Field
from desk.rules.papers.kinds import PaperKind
from desk.rules.papers.replies import REPLY_FIELDS, ReplyStep


@dataclass(frozen=True, slots=True)
class PaletteLine:
    """One tag to paste into Word, its meaning, and what stands there on the example paper."""

    tag: str
    meaning: str
    example: str

    @property
    def id(self) -> str:
        """The tag with its meaning: no two lines share both."""
        return f"{self.tag} {self.meaning}"


def palette(kind: PaperKind) -> tuple[PaletteLine, ...]:
    """The tags of a kind in the order in which the paper's values are made; a list brings its fields along."""
    found: list[PaletteLine] = []
    for field in FIELDS[kind]:
        found += _lines(field)
    return tuple(found)


def _lines(field: Field) -> list[PaletteLine]:
    if field.kind == "flag":
        return [
            PaletteLine(f"{{%p if {field.name} %}}", f"{field.label}: awal bagian yang hanya tampil bila ya", ""),
            PaletteLine("{%p endif %}", f"{field.label}: akhir bagian itu", ""),
        ]
    if not field.is_list:
        empty = ", boleh kosong" if field.optional else ""
        return [PaletteLine(f"{{{{ {field.name} }}}}", f"{field.label}{empty}", field.example)]
    one = field.name[0]
    scope, holder = (
        ("p", "paragraf") if any(item.name == "teks" for item in field.item_fields) else ("tr", "baris tabel")
    )
    return [
        PaletteLine(f"{{%{scope} for {one} in {field.name} %}}", f"{field.label}: awal, {holder} sendiri", ""),
        *(
            PaletteLine(
                f"{{{{ {one}.{item.name} }}}}",
                f"{field.label}: {item.label[:1].lower()}{item.label[1:]}{', boleh kosong' if item.optional else ''}",
                item.example,
            )
            for item in field.item_fields
        ),
        PaletteLine(f"{{%{scope} endfor %}}", f"{field.label}: akhir, {holder} sendiri", ""),
    ]


def reply_palette(step: ReplyStep) -> tuple[PaletteLine, ...]:
    """The fields that a ready text may hold; the password only in the message that brings it."""
    wanted = (name for name in REPLY_FIELDS if name != "sandi" or step is ReplyStep.PASSWORD)
    return tuple(PaletteLine(f"{{{{ {name} }}}}", REPLY_FIELDS[name], "") for name in wanted)
