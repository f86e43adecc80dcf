"""A page of rich text made by `case_pages`."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QFrame, QTextBrowser


class Page(QTextBrowser):
    """Rich text that loads nothing and follows no links."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setOpenLinks(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.document().setDocumentMargin(2)
        self._shown = ""

    def show_html(self, html: str) -> None:
        """Show the page, staying where the person has scrolled to; nothing happens when it is the same."""
        if html == self._shown:
            return
        at = self.verticalScrollBar().value()
        self._shown = html
        self.setHtml(html)
        self.verticalScrollBar().setValue(at)

    # Qt overrides

    def loadResource(self, _type: int, _name: Any) -> Any:
        """Nothing: a text from outside must not make the program fetch anything."""
        return None
