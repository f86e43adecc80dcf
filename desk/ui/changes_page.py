"""What changed since the request went back to the customer: both sides beside each other, the differences marked.

Marked by more than colour: what went is struck through, what came is underlined.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING

from desk.rules.changes import ChangedLine, CopiedLine, CopiedRequest, Piece, request_changes
from desk.rules.dates import short_text
from desk.rules.quantities import bytes_text, count_text

if TYPE_CHECKING:
    from desk.rules.case import CaseFacts
    from desk.ui.theme import Tokens


def changes_html(before: CopiedRequest, case: CaseFacts, tokens: Tokens) -> str:
    """The changes with the question that was asked, or the sentence that nothing has changed yet."""
    changes = request_changes(before, case.abstract, case.lines)
    asked = (
        f'<p style="color:{tokens.muted}; margin:2px 0 6px 0">Yang diminta {short_text(before.on)}: '
        f"{_text(before.asked)}</p>"
    )
    if not changes:
        return f'{asked}<p style="margin:2px 0">Abstraksi dan daftar data masih sama seperti saat dikembalikan.</p>'
    rows = [
        _row(part.label, _marked(part.old, tokens, gone=True), _marked(part.new, tokens, gone=False), tokens)
        for part in changes.texts
    ]
    rows += [_row("Baris data", *_sides(line, tokens), tokens) for line in changes.lines]
    head = (
        f'<tr><td width="50%" style="color:{tokens.muted}">Saat dikembalikan</td>'
        f'<td width="50%" style="color:{tokens.muted}">Sekarang</td></tr>'
    )
    return f'{asked}<table width="100%" cellspacing="0" cellpadding="5">{head}{"".join(rows)}</table>'


def _row(label: str, old: str, new: str, tokens: Tokens) -> str:
    return (
        f'<tr><td colspan="2" style="font-weight:600">{escape(label)}</td></tr>'
        f'<tr><td width="50%" bgcolor="{tokens.late_soft}" valign="top">{old or _none(tokens)}</td>'
        f'<td width="50%" bgcolor="{tokens.done_soft}" valign="top">{new or _none(tokens)}</td></tr>'
    )


def _sides(line: ChangedLine, tokens: Tokens) -> tuple[str, str]:
    old, new = (_line(line.old), _line(line.new)) if line.old and line.new else ("", "")
    if line.old is None:
        return "", f'<u style="color:{tokens.done}">{_line(line.new)}</u>'
    if line.new is None:
        return f'<s style="color:{tokens.late}">{_line(line.old)}</s>', ""
    return old, new


def _line(line: CopiedLine | None) -> str:
    if line is None:
        return ""
    much = bytes_text(line.quantity) if line.tariff.startswith("microdata") else count_text(line.quantity)
    return _text(" · ".join(part for part in (line.title, line.detail, much) if part))


def _marked(pieces: Iterable[Piece], tokens: Tokens, *, gone: bool) -> str:
    mark, ink = ("s", tokens.late) if gone else ("u", tokens.done)
    open_mark = f'<{mark} style="color:{ink}; font-weight:600">'
    return "".join(
        f"{open_mark}{_text(piece.text)}</{mark}>" if piece.changed else _text(piece.text) for piece in pieces
    )


def _none(tokens: Tokens) -> str:
    return f'<span style="color:{tokens.muted}">tidak ada</span>'


def _text(text: str) -> str:
    return escape(text).replace("\n", "<br>")
