"""The rows as a table model: 20,000 of them are handed over at once, the view asks for those it paints."""

from __future__ import annotations

from typing import Any

from qtpy import QtCore, QtGui

from clearcut.panel import texts
from clearcut.panel.qt.looks import colour
from clearcut.panel.rows import Row

_ROLE = QtCore.Qt.ItemDataRole


class RowsModel(QtCore.QAbstractTableModel):
    """Read only; the presenter filters and sorts, the model shows."""

    def __init__(self, parent: QtCore.QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[Row, ...] = ()
        self._palette = QtGui.QPalette()

    def show_rows(self, rows: tuple[Row, ...], palette: QtGui.QPalette) -> None:
        """Takes new rows; the same tuple again costs nothing."""
        if rows is self._rows:
            return
        self.beginResetModel()
        self._rows, self._palette = rows, palette
        self.endResetModel()

    def rowCount(self, parent: QtCore.QModelIndex | None = None) -> int:  # noqa: N802 - Qt's name
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: QtCore.QModelIndex | None = None) -> int:  # noqa: N802 - Qt's name
        return 0 if parent is not None and parent.isValid() else len(texts.COLUMNS)

    def headerData(self, section: int, orientation: Any, role: int = _ROLE.DisplayRole) -> Any:  # noqa: N802
        if role == _ROLE.DisplayRole and orientation == QtCore.Qt.Orientation.Horizontal:
            return texts.COLUMNS[section]
        return None

    def data(self, index: QtCore.QModelIndex, role: int = _ROLE.DisplayRole) -> Any:
        row = self._rows[index.row()]
        if role in (_ROLE.DisplayRole, _ROLE.AccessibleTextRole):
            return row.cells()[index.column()]
        if role == _ROLE.ToolTipRole:
            # A tool tip that looks like markup would be shown as markup.
            return _escaped(row.cells()[index.column()])
        if role == _ROLE.ForegroundRole and index.column() == 1:
            return QtGui.QBrush(colour(row.outcome, self._palette))
        if role == _ROLE.FontRole and index.column() in (0, 1, 4):
            font = QtGui.QFont()
            font.setBold(True)
            return font
        return None


def _escaped(text: str) -> str:
    plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"<p>{plain}</p>"
