"""The life of one paper copy of the SPPD, from the post to the binder (`domain.md` 5)."""

from __future__ import annotations

from desk.rules.case import State


class Custody(State):
    """A step of one copy; the last step answers "siapa yang memegang?"."""

    SENT = "sent", "dikirim kepada pengguna data"
    POSTED = "posted", "dalam perjalanan kurir"
    RECEIVED = "received", "di meja surat"
    ACCEPTED = "accepted", "diterima, belum diarsipkan"
    REFUSED = "refused", "dikembalikan kepada pengguna data"
    FILED = "filed", "di map arsip"


EXPECTED = frozenset({Custody.SENT, Custody.POSTED, Custody.REFUSED})
"""Copies that the office is still waiting for."""

NOT_ACCEPTED = EXPECTED | {Custody.RECEIVED}
"""Copies that nobody has accepted: they may not be kept, copied or filed (UU 10/2020 pasal 21)."""
