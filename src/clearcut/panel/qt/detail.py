"""The selected shot's chain from verdict to evidence, as selectable text."""

from __future__ import annotations

from qtpy import QtGui, QtWidgets

from clearcut.panel import texts
from clearcut.panel.rows import Line


class DetailView(QtWidgets.QTextEdit):
    """Written with a cursor and formats, never as markup: names come from other people's files."""

    def __init__(self, parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setAcceptRichText(False)
        self.setPlaceholderText(texts.NOTHING_SELECTED)
        self.setTabChangesFocus(True)
        self._lines: tuple[Line, ...] | None = None

    def draw(self, lines: tuple[Line, ...]) -> None:
        """Shows lines; the same ones again cost nothing."""
        if lines == self._lines:
            return
        self._lines = lines
        self.clear()
        cursor = self.textCursor()
        plain, strong = QtGui.QTextCharFormat(), QtGui.QTextCharFormat()
        strong.setFontWeight(QtGui.QFont.Weight.Bold)
        for number, line in enumerate(lines):
            block = QtGui.QTextBlockFormat()
            block.setTopMargin(8 if line.heading and number else 0)
            block.setLeftMargin(0 if line.heading else 90)
            block.setTextIndent(0 if line.heading or not line.label else -78)
            if number:
                cursor.insertBlock(block)
            else:
                cursor.setBlockFormat(block)
            if line.label:
                cursor.insertText(line.label + "\t", strong)
            cursor.insertText(line.text, strong if line.heading or line.label == texts.TO_DO else plain)
        self.setTabStopDistance(78)
        self.moveCursor(QtGui.QTextCursor.MoveOperation.Start)
