"""The look of every screen: tokens for light and dark, and the stylesheet, palette and fonts made from them.

Nothing else in `desk/ui` names a colour. Text on its background has a contrast of at least 4.5 : 1 (WCAG 2.2, 1.4.3);
`READABLE` lists the pairs that occur, and a test computes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from desk import resources

FONT_SIZE = 13  # px, like every size here: Qt scales them with the screen
SMALL_SIZE = 12
SECTION_SIZE = 11
TITLE_SIZE = 18
RADIUS = 8
ROW_HEIGHT = 54
LINE_HEIGHT = 36  # a row with a single line: desks at the left, hits of the search
GAP, GAP_WIDE, GAP_PAGE = 8, 14, 18


class Tone(Enum):
    """What a pill or a bar means; the words beside it say the same."""

    PLAIN = "plain"
    ACCENT = "accent"
    SOON = "soon"
    LATE = "late"
    DONE = "done"


class Choice(Enum):
    """Which look the person chose; the value is stored in the settings."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Tokens:
    """The colours of one look."""

    dark: bool
    background: str
    panel: str
    line: str
    text: str
    muted: str
    bar: str
    accent: str
    accent_soft: str
    on_accent: str
    late: str
    late_soft: str
    soon: str
    soon_soft: str
    done: str
    done_soft: str

    def ink(self, tone: Tone) -> str:
        """The colour of text or of a bar in this tone."""
        inks = {Tone.ACCENT: self.accent, Tone.SOON: self.soon, Tone.LATE: self.late, Tone.DONE: self.done}
        return inks.get(tone, self.text)

    def behind(self, tone: Tone) -> str:
        """The colour behind text in this tone."""
        grounds = {
            Tone.ACCENT: self.accent_soft,
            Tone.SOON: self.soon_soft,
            Tone.LATE: self.late_soft,
            Tone.DONE: self.done_soft,
        }
        return grounds.get(tone, self.panel)


LIGHT = Tokens(
    dark=False,
    background="#F6F7F9",
    panel="#FFFFFF",
    line="#E3E6EB",
    text="#1B1F27",
    muted="#5F6A7D",
    bar="#CBD2DC",
    accent="#1D5FBF",
    accent_soft="#E8F0FC",
    on_accent="#FFFFFF",
    late="#B42318",
    late_soft="#FDECEA",
    soon="#8A5A00",
    soon_soft="#FFF4DC",
    done="#197646",
    done_soft="#E5F5EC",
)
DARK = Tokens(
    dark=True,
    background="#14171C",
    panel="#1C2027",
    line="#2C323C",
    text="#E8EAEE",
    muted="#98A2B3",
    bar="#3A424F",
    accent="#6EA8FF",
    accent_soft="#20304A",
    on_accent="#0F1A2B",
    late="#FF8A80",
    late_soft="#3A1F1E",
    soon="#F2C66D",
    soon_soft="#352B16",
    done="#6FD3A0",
    done_soft="#173223",
)

READABLE: tuple[tuple[str, str], ...] = (
    ("text", "background"),
    ("text", "panel"),
    ("text", "accent_soft"),
    ("muted", "background"),
    ("muted", "panel"),
    ("muted", "accent_soft"),
    ("accent", "panel"),
    ("accent", "background"),
    ("accent", "accent_soft"),
    ("on_accent", "accent"),
    ("late", "late_soft"),
    ("late", "panel"),
    ("late", "accent_soft"),
    ("soon", "soon_soft"),
    ("soon", "panel"),
    ("done", "done_soft"),
    ("done", "panel"),
    ("done", "background"),
    ("text", "late_soft"),
    ("text", "soon_soft"),
    ("text", "done_soft"),
)
"""(ink, ground) of every text on the screens, by the names of `Tokens`."""


def contrast(ink: str, ground: str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    one, other = _luminance(ink), _luminance(ground)
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


class Theme(QObject):
    """The look in force; follows the system until the person chooses one."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.choice = Choice.SYSTEM
        self.tokens = LIGHT

    def apply(self, app: QApplication, choice: Choice = Choice.SYSTEM) -> None:
        """Load the fonts, put the look on the application and follow the system from now on."""
        load_fonts()
        app.setStyle("Fusion")
        font = QFont("Inter")
        font.setPixelSize(FONT_SIZE)
        font.setStyleStrategy(QFont.StyleStrategy.PreferAntialias)
        app.setFont(font)
        app.styleHints().colorSchemeChanged.connect(self._on_system_changed, Qt.ConnectionType.UniqueConnection)
        self.choose(choice)

    def choose(self, choice: Choice) -> None:
        """Use this look from now on."""
        self.choice = choice
        self._put_on()

    def _on_system_changed(self) -> None:
        if self.choice is Choice.SYSTEM:
            self._put_on()

    def _put_on(self) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        system_dark = app.styleHints().colorScheme() is Qt.ColorScheme.Dark
        dark = system_dark if self.choice is Choice.SYSTEM else self.choice is Choice.DARK
        self.tokens = DARK if dark else LIGHT
        sheet = stylesheet(self.tokens)
        if app.styleSheet() == sheet:  # putting a sheet on polishes every widget again
            return
        app.setPalette(palette(self.tokens))
        app.setStyleSheet(sheet)
        self.changed.emit()


theme = Theme()
"""The one look of the program: a process has one application and one screen style."""


def set_look(widget: QWidget, **properties: str | None) -> None:
    """Set the properties that the stylesheet goes by, and paint the widget with them."""
    for name, value in properties.items():
        widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def load_fonts() -> None:
    """Make the shipped Inter known to Qt; a second call does nothing."""
    if "Inter" in QFontDatabase.families():
        return
    for name in ("Inter-Regular.otf", "Inter-Medium.otf", "Inter-SemiBold.otf"):
        QFontDatabase.addApplicationFont(str(resources.resource("fonts", "inter", name)))


def font(size: int = FONT_SIZE, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The screen font in one size (px)."""
    made = QFont("Inter")
    made.setPixelSize(size)
    made.setWeight(weight)
    return made


def palette(tokens: Tokens) -> QPalette:
    """The Qt palette for what the stylesheet does not reach."""
    made = QPalette()
    role = QPalette.ColorRole
    for where, colour in (
        (role.Window, tokens.background),
        (role.WindowText, tokens.text),
        (role.Base, tokens.panel),
        (role.AlternateBase, tokens.background),
        (role.Text, tokens.text),
        (role.PlaceholderText, tokens.muted),
        (role.Button, tokens.panel),
        (role.ButtonText, tokens.text),
        (role.ToolTipBase, tokens.panel),
        (role.ToolTipText, tokens.text),
        (role.Highlight, tokens.accent),
        (role.HighlightedText, tokens.on_accent),
        (role.Link, tokens.accent),
        (role.LinkVisited, tokens.accent),
        (role.Mid, tokens.line),
    ):
        made.setColor(where, QColor(colour))
    for where in (role.Text, role.WindowText, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, where, QColor(tokens.muted))
    return made


def _tick(tokens: Tokens) -> str:
    """The tick of a check box, as an address for the stylesheet."""
    return resources.resource("icons", "tick_dark.svg" if tokens.dark else "tick_light.svg").as_posix()


def stylesheet(tokens: Tokens) -> str:
    """The stylesheet of the whole program in one look."""
    t = tokens
    return f"""
* {{ font-family: "Inter"; font-size: {FONT_SIZE}px; }}
QMainWindow, QDialog, QWidget#page {{ background: {t.background}; color: {t.text}; }}
QLabel {{ color: {t.text}; background: transparent; }}
QLabel[role="title"] {{ font-size: {TITLE_SIZE}px; font-weight: 600; }}
QLabel[role="headline"] {{ font-size: 24px; font-weight: 600; }}
QLabel[role="strong"] {{ font-weight: 600; }}
QLabel[role="muted"] {{ color: {t.muted}; }}
QLabel[role="small"] {{ color: {t.muted}; font-size: {SMALL_SIZE}px; }}
QLabel[role="section"] {{ color: {t.muted}; font-size: {SECTION_SIZE}px; font-weight: 600; }}
QLabel[role="error"] {{ color: {t.late}; font-size: {SMALL_SIZE}px; }}
QLabel[tone="late"] {{ background: {t.late_soft}; color: {t.late}; border-radius: {RADIUS}px; padding: 8px 12px; }}
QLabel[tone="soon"] {{ background: {t.soon_soft}; color: {t.soon}; border-radius: {RADIUS}px; padding: 8px 12px; }}
QLabel[tone="done"] {{ background: {t.done_soft}; color: {t.done}; border-radius: {RADIUS}px; padding: 8px 12px; }}
QLabel[tone="accent"] {{
    background: {t.accent_soft}; color: {t.accent}; border-radius: {RADIUS}px; padding: 8px 12px; }}
QLabel#training {{
    background: {t.soon_soft}; color: {t.soon}; border: 1px solid {t.soon}; border-radius: 6px;
    padding: 2px 8px; font-weight: 600; }}
QFrame[role="panel"] {{ background: {t.panel}; border: 1px solid {t.line}; border-radius: {RADIUS}px; }}
QFrame[role="rule"] {{ background: {t.line}; border: none; max-height: 1px; min-height: 1px; }}
QFrame#offline {{ background: {t.soon_soft}; border: 1px solid {t.soon}; border-radius: {RADIUS}px; }}
QFrame#offline QLabel {{ color: {t.soon}; font-weight: 600; }}

QPushButton {{
    background: {t.panel}; color: {t.text}; border: 1px solid {t.line}; border-radius: {RADIUS}px;
    padding: 7px 14px; min-height: 18px; }}
QPushButton:hover {{ border-color: {t.muted}; }}
QPushButton:focus {{ border: 2px solid {t.accent}; padding: 6px 13px; }}
QPushButton:pressed {{ background: {t.accent_soft}; }}
QPushButton:disabled {{ color: {t.muted}; background: {t.background}; border-color: {t.line}; }}
QPushButton[role="primary"] {{
    background: {t.accent}; color: {t.on_accent}; border-color: {t.accent}; font-weight: 600; }}
QPushButton[role="primary"]:hover {{ border-color: {t.text}; }}
QPushButton[role="primary"]:focus {{ border: 2px solid {t.text}; }}
QPushButton[role="primary"]:disabled {{ background: {t.bar}; color: {t.text}; border-color: {t.bar}; }}
QPushButton[role="quiet"] {{ background: transparent; border: 1px solid transparent; }}
QPushButton[role="quiet"]:hover {{ background: {t.accent_soft}; }}
QPushButton[role="quiet"]:focus {{ border: 2px solid {t.accent}; }}
QPushButton[role="place"], QPushButton[role="fold"] {{ background: transparent; border: 1px solid transparent; }}
QPushButton[role="place"]:hover, QPushButton[role="fold"]:hover {{ background: {t.panel}; }}
QPushButton[role="place"]:checked {{ background: {t.accent_soft}; font-weight: 600; }}
QPushButton[role="place"]:focus, QPushButton[role="fold"]:focus {{ border: 2px solid {t.accent}; }}
QPushButton[role="card"] {{ min-height: 48px; }}
QPushButton[role="link"] {{
    background: transparent; border: 1px solid transparent; color: {t.accent}; padding: 2px 4px; text-align: left; }}
QPushButton[role="link"]:hover {{ text-decoration: underline; }}
QPushButton[role="link"]:focus {{ border: 2px solid {t.accent}; padding: 1px 3px; }}
QPushButton#waiting {{
    background: {t.accent_soft}; color: {t.accent}; border: 1px solid {t.accent}; padding: 3px 12px;
    font-weight: 600; }}

QLineEdit, QPlainTextEdit, QTextEdit, QSpinBox, QDateEdit, QComboBox {{
    background: {t.panel}; color: {t.text}; border: 1px solid {t.line}; border-radius: {RADIUS}px; padding: 6px 10px;
    selection-background-color: {t.accent}; selection-color: {t.on_accent}; }}
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QSpinBox:focus, QDateEdit:focus, QComboBox:focus {{
    border: 2px solid {t.accent}; padding: 5px 9px; }}
QSpinBox::up-button, QSpinBox::down-button {{ width: 0; border: none; }}
QSpinBox QLineEdit, QSpinBox QLineEdit:focus {{ border: none; padding: 0 10px; background: transparent; }}
QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled {{ color: {t.muted}; background: {t.background}; }}
QWidget[invalid="true"] QLineEdit, QWidget[invalid="true"] QPlainTextEdit, QWidget[invalid="true"] QComboBox {{
    border: 2px solid {t.late}; padding: 5px 9px; }}
QLabel#fieldLabel {{ font-weight: 500; }}
QLabel#fieldNote {{ color: {t.muted}; font-size: {SMALL_SIZE}px; }}
QLabel#fieldNote[role="problem"] {{ color: {t.late}; }}
QLabel#fieldNote[role="warning"] {{ color: {t.soon}; }}
QComboBox::drop-down {{ border: none; width: 24px; }}
QComboBox QAbstractItemView {{
    background: {t.panel}; color: {t.text}; border: 1px solid {t.line}; outline: none;
    selection-background-color: {t.accent_soft}; selection-color: {t.text}; }}
QTextBrowser {{ border: none; padding: 0; background: transparent; }}
QTextBrowser:focus {{ border: none; padding: 0; }}

QTableView {{
    background: {t.panel}; color: {t.text}; border: 1px solid {t.line}; border-radius: {RADIUS}px; outline: none;
    selection-background-color: {t.accent_soft}; selection-color: {t.text}; }}
QTableView:focus {{ border: 1px solid {t.accent}; }}
QFrame#search_popup QTableView {{ border: none; }}
QHeaderView {{ background: transparent; }}
QHeaderView::section {{
    background: {t.panel}; color: {t.muted}; border: none; border-bottom: 1px solid {t.line};
    padding: 8px 10px; font-weight: 500; }}
QHeaderView::section:first, QHeaderView::section:only-one {{ padding-left: 16px; }}
QTableCornerButton::section {{ background: {t.panel}; border: none; }}

QTabBar {{ qproperty-drawBase: 0; background: transparent; }}
QTabBar::tab {{
    background: transparent; color: {t.muted}; padding: 8px 2px; margin-right: 12px;
    border-bottom: 2px solid transparent; }}
QTabBar::tab:selected {{ color: {t.text}; font-weight: 600; border-bottom: 2px solid {t.accent}; }}
QTabBar::tab:hover {{ color: {t.text}; }}
QTabBar::tab:focus {{ color: {t.accent}; }}

QScrollArea {{ background: transparent; border: none; }}
QScrollArea > QWidget > QWidget#inside {{ background: transparent; }}
QScrollBar:vertical {{ background: transparent; width: 10px; margin: 2px; }}
QScrollBar::handle:vertical {{ background: {t.bar}; border-radius: 3px; min-height: 28px; }}
QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 2px; }}
QScrollBar::handle:horizontal {{ background: {t.bar}; border-radius: 3px; min-width: 28px; }}
QScrollBar::handle:hover {{ background: {t.muted}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}

QMenu {{ background: {t.panel}; color: {t.text}; border: 1px solid {t.line}; padding: 6px; }}
QMenu::item {{ padding: 7px 28px 7px 14px; border-radius: 6px; }}
QMenu::item:selected {{ background: {t.accent_soft}; }}
QMenu::item:disabled {{ color: {t.muted}; }}
QMenu::separator {{ height: 1px; background: {t.line}; margin: 6px 4px; }}
QToolTip {{ background: {t.panel}; color: {t.text}; border: 1px solid {t.line}; padding: 5px 8px; }}
QSplitter::handle {{ background: transparent; }}
QCheckBox, QRadioButton {{ color: {t.text}; spacing: 8px; }}
QCheckBox::indicator {{
    width: 16px; height: 16px; border: 1px solid {t.muted}; border-radius: 4px; background: {t.panel}; }}
QCheckBox::indicator:checked {{
    background: {t.accent}; border-color: {t.accent}; image: url("{_tick(t)}"); }}
QCheckBox::indicator:focus {{ border: 2px solid {t.accent}; width: 14px; height: 14px; }}
QCheckBox::indicator:disabled {{ border-color: {t.bar}; background: {t.background}; }}
QRadioButton::indicator {{
    width: 14px; height: 14px; border: 1px solid {t.muted}; border-radius: 8px; background: {t.panel}; }}
QRadioButton::indicator:checked {{
    width: 6px; height: 6px; border: 5px solid {t.accent}; border-radius: 8px; background: {t.on_accent}; }}
QCheckBox:focus, QRadioButton:focus {{ color: {t.accent}; }}
QProgressBar {{
    background: {t.bar}; border: none; border-radius: 4px; min-height: 8px; max-height: 8px; text-align: center; }}
QProgressBar::chunk {{ background: {t.accent}; border-radius: 4px; }}
QGroupBox {{ border: 1px solid {t.line}; border-radius: {RADIUS}px; margin-top: 10px; padding: 12px; }}
QGroupBox::title {{ subcontrol-origin: margin; left: 10px; color: {t.muted}; }}
"""
