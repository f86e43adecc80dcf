"""The three tracks as three short bars, with their words for the tooltip and for screen readers."""

from __future__ import annotations

from dataclasses import dataclass

from desk.rules.case import Data, Money, Original
from desk.ui.theme import Tone

STEPS = 3
_MONEY = {
    Money.NONE: 0,
    Money.INVOICED: 1,
    Money.EXPIRED: 1,
    Money.PROOF: 2,
    Money.CONFIRMED: 2,
    Money.RECEIPTED: 3,
    Money.FREE: 3,
}
_ORIGINAL = {
    Original.NONE: 0,
    Original.ISSUED: 1,
    Original.AWAITED: 1,
    Original.REFUSED: 1,
    Original.RECEIVED: 2,
    Original.ACCEPTED: 3,
    Original.FILED: 3,
}
_DATA = {
    Data.NONE: 0,
    Data.PREPARING: 1,
    Data.CORRECTING: 1,
    Data.PREPARED: 2,
    Data.CHECKED: 3,
    Data.SENDING: 3,
    Data.DELIVERED: 3,
    Data.CONFIRMED: 3,
}
_TROUBLE = (Money.EXPIRED, Original.REFUSED, Data.CORRECTING)


@dataclass(frozen=True, slots=True)
class Bar:
    """One track: its name, how many of the three steps are done, the tone, and the state in words.

    A track in trouble also carries a mark ("!"), so that its colour is not the only sign.
    """

    name: str
    filled: int
    tone: Tone
    words: str

    @property
    def troubled(self) -> bool:
        """Whether the track went back and somebody has to act."""
        return self.tone is Tone.LATE


def bars(money: Money, original: Original, data: Data) -> tuple[Bar, Bar, Bar]:
    """The bars of one case in the order Uang, Naskah, Data."""
    return (
        Bar("Uang", _MONEY[money], _tone(_MONEY[money], money in _TROUBLE), money.label),
        Bar("Naskah", _ORIGINAL[original], _tone(_ORIGINAL[original], original in _TROUBLE), original.label),
        Bar("Data", _DATA[data], _tone(_DATA[data], data in _TROUBLE), data.label),
    )


def spoken(shown: tuple[Bar, ...]) -> str:
    """The tracks in words: `Uang: kuitansi terbit. Naskah: …`."""
    return " ".join(f"{bar.name}: {bar.words}." for bar in shown)


def _tone(filled: int, troubled: bool) -> Tone:
    if troubled:
        return Tone.LATE
    return Tone.DONE if filled == STEPS else Tone.ACCENT
