"""A date as people type it, with the calendar one key away."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from PySide6.QtCore import QDate, QLocale, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCalendarWidget, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desk.errors import Refused
from desk.rules.dates import DAYS_SHORT, date_text, day_text, parse_date
from desk.rules.inputs import Question
from desk.ui.forms.field import Field, Json


class DateField(Field):
    """`21/11/2026`, `21 Nov 2026` …; arrow up and down move by a day, F4 opens the calendar."""

    def __init__(self, question: Question, today: date) -> None:
        super().__init__(question)
        self._today = today
        self.edit = _DateEdit(self)
        self.edit.setPlaceholderText(f"{today.day}/{today.month}/{today.year}")
        self.edit.textChanged.connect(self._on_text_changed)
        self.button = QPushButton("Kalender")
        self.button.setProperty("role", "quiet")
        self.button.setToolTip("Buka kalender (F4)")
        self.button.setAccessibleName(f"Buka kalender untuk {question.label}")
        self.button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # F4 does the same; Tab goes on to the next answer
        self.button.clicked.connect(self.open_calendar)
        row = QWidget()
        columns = QHBoxLayout(row)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(6)
        columns.addWidget(self.edit, 1)
        columns.addWidget(self.button)
        self.add_editor(row, focus=self.edit)

    def is_empty(self) -> bool:
        return not self.edit.text().strip()

    def read(self) -> date:
        return parse_date(self.edit.text())

    def set_value(self, value: Any) -> None:
        self.edit.setText("" if value is None else date_text(value))

    def state(self) -> Json:
        return self.edit.text()

    def restore(self, state: Json) -> None:
        self.edit.setText(str(state))

    def step(self, days: int) -> None:
        """Go to an earlier or later day; an empty field starts today."""
        try:
            self.set_value(self.read() + timedelta(days))
        except (Refused, OverflowError):
            self.set_value(self._today)
        self.edit.selectAll()

    def open_calendar(self) -> None:
        """Show the month; a click or Enter takes the day."""
        popup = _CalendarPopup(self)
        try:
            shown = self.read()
        except Refused:
            shown = self._today
        popup.calendar.setSelectedDate(QDate(shown.year, shown.month, shown.day))
        popup.show_under(self.edit)

    def _on_text_changed(self) -> None:
        try:
            self.announce(echo=day_text(self.read()))
        except Refused:
            self.announce(echo="")


class _DateEdit(QLineEdit):
    def __init__(self, field: DateField) -> None:
        super().__init__()
        self._field = field

    # Qt overrides

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._field.step(1 if key == Qt.Key.Key_Up else -1)
        elif key == Qt.Key.Key_F4:
            self._field.open_calendar()
        else:
            super().keyPressEvent(event)


class _CalendarPopup(QWidget):
    """One month, Monday first, Indonesian names."""

    def __init__(self, field: DateField) -> None:
        super().__init__(field, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._field = field
        self.calendar = QCalendarWidget()
        self.calendar.setLocale(QLocale("id_ID"))
        self.calendar.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        self.calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        self.calendar.setAccessibleName(f"Kalender {field.question.label}, {', '.join(DAYS_SHORT)}")
        self.calendar.activated.connect(self._take)
        self.calendar.clicked.connect(self._take)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(4, 4, 4, 4)
        rows.addWidget(self.calendar)

    def show_under(self, editor: QWidget) -> None:
        """Open below the editor, inside the screen."""
        self.adjustSize()
        corner = editor.mapToGlobal(QPoint(0, editor.height()))
        room = editor.screen().availableGeometry()
        corner.setX(max(room.left(), min(corner.x(), room.right() - self.width())))
        if corner.y() + self.height() > room.bottom():
            corner.setY(max(room.top(), editor.mapToGlobal(QPoint(0, 0)).y() - self.height()))
        self.move(corner)
        self.show()
        self.calendar.setFocus()

    def _take(self, day: QDate) -> None:
        self._field.set_value(date(day.year(), day.month(), day.day()))
        self._field.edit.setFocus()
        self.close()
