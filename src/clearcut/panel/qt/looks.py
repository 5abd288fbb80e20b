"""Colours and brushes by outcome, for a light and a dark host; no style sheet, so no host is repainted."""

from __future__ import annotations

from qtpy import QtCore, QtGui

from clearcut.core.verdict import Outcome

_LIGHT = {
    Outcome.BLOCKED: "#b3201a",
    Outcome.UNKNOWN: "#7a35a8",
    Outcome.CLEARED_WITH_DUTIES: "#8a5a00",
    Outcome.CLEARED: "#0b6b4d",
    Outcome.EXEMPT: "#1c5fbe",
    Outcome.NOT_APPLICABLE: "#5c636e",
}
_DARK = {
    Outcome.BLOCKED: "#ff8d82",
    Outcome.UNKNOWN: "#d3a1f5",
    Outcome.CLEARED_WITH_DUTIES: "#f0b84a",
    Outcome.CLEARED: "#63d3a8",
    Outcome.EXEMPT: "#8ab8ff",
    Outcome.NOT_APPLICABLE: "#a4acb9",
}
PATTERNS = {
    Outcome.BLOCKED: QtCore.Qt.BrushStyle.DiagCrossPattern,
    Outcome.UNKNOWN: QtCore.Qt.BrushStyle.Dense6Pattern,
    Outcome.CLEARED_WITH_DUTIES: QtCore.Qt.BrushStyle.BDiagPattern,
    Outcome.CLEARED: QtCore.Qt.BrushStyle.NoBrush,
    Outcome.EXEMPT: QtCore.Qt.BrushStyle.HorPattern,
    Outcome.NOT_APPLICABLE: QtCore.Qt.BrushStyle.NoBrush,
}
"""Drawn over the colour, so that outcomes differ without it."""


def is_dark(palette: QtGui.QPalette) -> bool:
    """Whether a host paints light text on dark."""
    return bool(palette.color(QtGui.QPalette.ColorRole.Base).lightness() < 128)


def colour(outcome: Outcome, palette: QtGui.QPalette) -> QtGui.QColor:
    """The outcome's colour, at least 4.5:1 against the palette's base."""
    return QtGui.QColor((_DARK if is_dark(palette) else _LIGHT)[outcome])


def over(palette: QtGui.QPalette) -> QtGui.QColor:
    """What is readable on an outcome's colour."""
    return QtGui.QColor("#15171b" if is_dark(palette) else "#ffffff")
