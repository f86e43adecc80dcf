"""The readable text of an HTML mail: no script, no style, nothing hidden, nothing fetched from outside."""

from __future__ import annotations

import re
from html import unescape

_SKIPPED = frozenset({"head", "script", "style", "title", "template", "noscript", "object", "iframe", "svg", "select"})
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "center", "dd", "div", "dl", "dt", "fieldset", "footer",
    "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "li", "main", "nav", "ol", "p", "pre", "section", "table",
    "tbody", "tfoot", "thead", "tr", "ul",
})  # fmt: skip
_SPACED = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "blockquote", "table", "pre"})
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:px|pt|em|%)?\s*(?:;|$|!)", re.IGNORECASE
)
_WHOLE_BLOCK = re.compile(r"<(script|style|head|title)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_BARE_LIMIT = 200_000
_UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def html_to_text(html: str) -> str:
    """Plain text with sensible line breaks; list items start with `- `, quoted mail with `> `. Never raises."""
    from lxml import etree

    # libxml2 repairs whatever it is given and knows no network here; it gives up beyond its own nesting limit.
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, recover=True, huge_tree=True
    )
    try:
        root = etree.fromstring(_UNSAFE.sub("", html).encode(), parser)
    except etree.XMLSyntaxError:  # nothing but blanks or comments, or nested beyond reason
        root = None
    if root is None or any(error.level_name == "FATAL" for error in parser.error_log):
        return _bare_words(html)
    writer = _Writer()
    skip: object | None = None
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            if skip is None and (tag in _SKIPPED or _is_hidden(element.get("style"), element.get("hidden"))):
                skip = element
            if skip is None:
                writer.open(tag)
                writer.write(element.text)
        else:
            if skip is None:
                writer.close(tag)
            elif skip is element:
                skip = None
            if skip is None and element is not root:
                writer.write(element.tail)
    return writer.result()


def _bare_words(html: str) -> str:
    """The words between the tags, for pages nested so deep that the parser gave up."""
    visible = re.sub(
        r"<(script|style|head|title)\b.*?</\1\s*>", " ", html[:_BARE_LIMIT], flags=re.DOTALL | re.IGNORECASE
    )
    words = re.sub(r"\s+", " ", unescape(re.sub(r"<[^<>]*>", " ", visible))).strip()
    return f"{words}\n" if words else ""


def _is_hidden(style: str | None, hidden: str | None) -> bool:
    return hidden is not None or bool(style and _HIDDEN.search(style))


class _Writer:
    """Collects lines the way a browser breaks them."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._line = ""
        self._quotes = 0
        self._verbatim = 0

    def open(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._break(space=tag in _SPACED)
        if tag == "blockquote":
            self._quotes += 1
        elif tag == "pre":
            self._verbatim += 1
        elif tag == "li":
            self._line = "- "
        elif tag in {"td", "th"} and self._line.strip():
            self._line = self._line.rstrip() + "  "

    def close(self, tag: str) -> None:
        if tag == "br":
            self._push()
        elif tag == "hr":
            self._break(space=False)
            self._line = "_" * 20
            self._push()
        elif tag in _BLOCKS:
            self._break(space=tag in _SPACED)
        if tag == "blockquote":
            self._quotes -= 1
        elif tag == "pre":
            self._verbatim -= 1

    def write(self, text: str | None) -> None:
        if not text:
            return
        if self._verbatim:
            first, *others = text.split("\n")
            self._line += first
            for line in others:
                self._push()
                self._line = line
            return
        folded = re.sub(r"[ \t\r\n\f]+", " ", text)
        if not self._line or self._line.endswith(" "):
            folded = folded.lstrip(" ")
        self._line += folded

    def result(self) -> str:
        self._break(space=False)
        text = "\n".join(self._lines).replace("\xa0", " ").replace("\xad", "").replace("\u200b", "")
        text = re.sub(r"[ \t]+\n", "\n", text)
        return re.sub(r"\n{3,}", "\n\n", text).strip("\n") + "\n" if text.strip() else ""

    def _quoted(self) -> str:
        # Nobody answers answers nine times; a page of endless quotes must not grow with every line.
        return "> " * min(self._quotes, 9)

    def _push(self) -> None:
        self._lines.append((self._quoted() + self._line).rstrip())
        self._line = ""

    def _break(self, *, space: bool) -> None:
        if self._line.strip() not in {"", "-"}:
            self._push()
        elif self._line.strip() != "-":
            self._line = ""
        if space and self._line.strip() != "-" and self._lines and self._lines[-1].strip("> "):
            self._lines.append((self._quoted()).rstrip())
