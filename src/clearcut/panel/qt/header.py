"""The panel's head: which cut, what came of it, how old the answer is, and the counts that filter."""

from __future__ import annotations

from qtpy import QtCore, QtGui, QtWidgets

from clearcut.panel.presenter import Chip, Link, PanelState
from clearcut.panel.qt.looks import colour, over
from clearcut.report.wording import LOOKS

_ROLE = QtGui.QPalette.ColorRole


class Header(QtWidgets.QWidget):
    """Emits `toggled` with an outcome's word when its chip is pressed."""

    toggled = QtCore.Signal(str)

    def __init__(self, parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(parent)
        self.title, self.outcome, self.headline = _label(1.5, bold=True), _label(1.1, bold=True), _label(1.1)
        self.facts, self.badge, self.banner = _label(0.9), _label(0.9, bold=True), _label(1.0, bold=True)
        for long in (self.title, self.headline, self.facts, self.banner):
            # A name of 10,000 characters must not push the window off the screen.
            long.setSizePolicy(QtWidgets.QSizePolicy.Policy.Ignored, QtWidgets.QSizePolicy.Policy.Preferred)
        self.outcome.setContentsMargins(8, 2, 8, 2)
        self.banner.setContentsMargins(8, 6, 8, 6)
        self.banner.setWordWrap(True)
        self.facts.setTextInteractionFlags(QtCore.Qt.TextInteractionFlag.TextSelectableByMouse)
        self.chips: dict[str, QtWidgets.QToolButton] = {}
        self._chip_row = QtWidgets.QHBoxLayout()
        self._chip_row.addStretch(1)
        top = QtWidgets.QHBoxLayout()
        top.addWidget(self.title, 1)
        top.addWidget(self.badge)
        told = QtWidgets.QHBoxLayout()
        told.addWidget(self.outcome)
        told.addWidget(self.headline, 1)
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(top)
        column.addLayout(told)
        column.addWidget(self.facts)
        column.addWidget(self.banner)
        column.addLayout(self._chip_row)

    def draw(self, state: PanelState) -> None:
        """Draws what of a state belongs here."""
        self.title.setText(state.title)
        self.headline.setText(state.headline)
        self.facts.setText(state.facts)
        self.facts.setVisible(bool(state.facts))
        self.badge.setText(state.badge)
        self.badge.setEnabled(state.link is not Link.NONE)
        self.banner.setText(state.banner)
        self.banner.setVisible(bool(state.banner))
        _paint(self.banner, self.palette().color(_ROLE.ToolTipBase), self.palette().color(_ROLE.ToolTipText))
        self.outcome.setVisible(state.outcome is not None)
        if state.outcome is not None:
            look = LOOKS[state.outcome]
            self.outcome.setText(f"{look.glyph} {look.title}")
            _paint(self.outcome, colour(state.tint or state.outcome, self.palette()), over(self.palette()))
        self._draw_chips(state.chips)

    def _draw_chips(self, chips: tuple[Chip, ...]) -> None:
        wanted = [chip.outcome.value for chip in chips]
        if list(self.chips) != wanted:
            for button in self.chips.values():
                button.deleteLater()
            self.chips = {value: self._chip(value) for value in wanted}
        for chip in chips:
            button = self.chips[chip.outcome.value]
            button.setText(chip.label if chip.on else f"({chip.label})")
            button.setChecked(chip.on)
            swatch = QtGui.QPixmap(12, 12)
            swatch.fill(colour(chip.outcome, self.palette()))
            button.setIcon(QtGui.QIcon(swatch))

    def _chip(self, value: str) -> QtWidgets.QToolButton:
        button = QtWidgets.QToolButton()
        button.setCheckable(True)
        button.setToolButtonStyle(QtCore.Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.clicked.connect(lambda _checked=False, word=value: self.toggled.emit(word))
        self._chip_row.insertWidget(self._chip_row.count() - 1, button)
        return button


def _label(size: float, *, bold: bool = False) -> QtWidgets.QLabel:
    label = QtWidgets.QLabel()
    # Names come from other people's files: never markup.
    label.setTextFormat(QtCore.Qt.TextFormat.PlainText)
    font = label.font()
    font.setPointSizeF(font.pointSizeF() * size)
    font.setBold(bold)
    label.setFont(font)
    return label


def _paint(label: QtWidgets.QLabel, ground: QtGui.QColor, ink: QtGui.QColor) -> None:
    palette = label.palette()
    palette.setColor(_ROLE.Window, ground)
    palette.setColor(_ROLE.WindowText, ink)
    label.setPalette(palette)
    label.setAutoFillBackground(True)
