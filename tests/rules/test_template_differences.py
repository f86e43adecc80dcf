"""Two versions of a template compared in words that a clerk can check against the page."""

from __future__ import annotations

from desk.rules.papers import PaperKind
from desk.rules.papers.differences import Change, Kind, differences


def changes(before: str, after: str) -> tuple[Change, ...]:
    return differences(PaperKind.INVOICE, before, after).lines


def test_a_changed_line_is_found_beside_new_and_lost_ones() -> None:
    before = "INVOICE\nMaterai Rp6.000 ditempel pada SPPD.\nBerlaku sampai {{ berlaku_sampai }}.\nTerima kasih."
    after = "INVOICE\nNomor baru.\nMaterai Rp10.000 ditempel pada SPPD.\nHormat kami.\nTerima kasih."
    found = changes(before, after)
    assert [change.kind for change in found] == [Kind.ADDED, Kind.CHANGED, Kind.REMOVED, Kind.ADDED]
    assert found[1].said() == "“Rp6.000” menjadi “Rp10.000”"
    assert found[2].before == "Berlaku sampai ‹berlaku_sampai›."


def test_the_words_that_went_and_came_are_named() -> None:
    (change,) = changes("Bayar dengan transfer ke rekening ini.", "Bayar tunai dengan transfer ke rekening.")
    assert change.said() == "“tunai” ditambahkan; “rekening ini.” menjadi “rekening.”"


def test_the_same_text_has_no_difference() -> None:
    assert changes("a\nb", "a\n\nb") == ()
