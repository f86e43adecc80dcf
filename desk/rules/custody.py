"""The life of one paper copy of the SPPD, from the post to the binder and back (`domain.md` 5)."""

from __future__ import annotations

from collections.abc import Mapping

from desk.rules.case import State


class Custody(State):
    """A step of one copy; the last step answers "siapa yang memegang?"."""

    SENT = "sent", "dikirim kepada pengguna data"
    POSTED = "posted", "dalam perjalanan kurir"
    RECEIVED = "received", "di meja surat"
    ACCEPTED = "accepted", "diterima, belum diarsipkan"
    REFUSED = "refused", "dikembalikan kepada pengguna data"
    COUNTERSIGNED = "countersigned", "ditandatangani pejabat, belum diarsipkan"
    FILED = "filed", "di map arsip"
    LENT = "lent", "dipinjam"
    HANDED_OUT = "handed_out", "diserahkan kepada pengguna data"


FOLLOWS: Mapping[Custody, frozenset[Custody]] = {
    Custody.SENT: frozenset({Custody.POSTED, Custody.RECEIVED}),
    Custody.POSTED: frozenset({Custody.POSTED, Custody.RECEIVED}),
    Custody.REFUSED: frozenset({Custody.POSTED, Custody.RECEIVED}),
    Custody.RECEIVED: frozenset({Custody.ACCEPTED, Custody.REFUSED}),
    Custody.ACCEPTED: frozenset({Custody.COUNTERSIGNED, Custody.FILED, Custody.HANDED_OUT}),
    Custody.COUNTERSIGNED: frozenset({Custody.FILED, Custody.HANDED_OUT}),
    Custody.FILED: frozenset({Custody.FILED, Custody.LENT, Custody.HANDED_OUT}),
    Custody.LENT: frozenset({Custody.FILED}),
    Custody.HANDED_OUT: frozenset(),
}
"""The steps that may follow each; `desk.guard_custody` in the database keeps the same table."""

EXPECTED = frozenset({Custody.SENT, Custody.POSTED, Custody.REFUSED})
"""Copies that the office is still waiting for."""

NOT_ACCEPTED = EXPECTED | {Custody.RECEIVED}
"""Copies that nobody has accepted: they may not be kept, copied or filed (UU 10/2020 pasal 21)."""

TO_FILE = frozenset({Custody.ACCEPTED, Custody.COUNTERSIGNED})
"""Accepted copies that do not stand in a binder yet."""

SETTLED = frozenset({Custody.FILED, Custody.LENT, Custody.HANDED_OUT})
"""Copies with which the track of the case is done; a loan is followed by its due day, not by the case."""

HELD = TO_FILE | {Custody.FILED, Custody.LENT}
"""Accepted copies that are the office's; one of them stays."""
