"""The strip of the cut: lanes of blocks by colour, pattern and glyph; a click selects a shot, the wheel zooms."""

from __future__ import annotations

from dataclasses import dataclass

from qtpy import QtCore, QtGui, QtWidgets

from clearcut.core.verdict import Verdict
from clearcut.panel import texts
from clearcut.panel.qt.looks import PATTERNS, colour, over
from clearcut.report.strip import Block, Lane, Layer, Strip, strip_of
from clearcut.report.visible import clip
from clearcut.report.wording import LOOKS

LANE = 22
LABELS = 140
AXIS = 18
MAX_ZOOM = 256.0
MAX_CACHED = 8192


class StripCanvas(QtWidgets.QWidget):
    """Paints the strip as wide as it is. Emits `clicked` with the index of a shot in the verdict."""

    clicked = QtCore.Signal(int)

    def __init__(self, parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(parent)
        self._strip = Strip((), ())
        self._selected = -1
        self._playhead: float | None = None
        self._by_shot: dict[int, list[Block]] = {}
        self._painted: tuple[object, QtGui.QPixmap] | None = None
        self.setToolTip(texts.STRIP_HINT)
        self.setAccessibleName(texts.STRIP_HINT)

    def show_strip(self, strip: Strip) -> None:
        self._strip = strip
        self._painted = None
        self._by_shot = {}
        for block in (b for lane in strip.lanes[:1] for layer in lane.layers for b in layer.blocks):
            self._by_shot.setdefault(block.shot, []).append(block)
        self.setFixedHeight(LANE * len(strip.lanes) + AXIS)
        self.update()

    def select(self, shot: int) -> None:
        if shot != self._selected:
            self._selected = shot
            self.update()

    def set_playhead(self, percent: float | None) -> None:
        if percent != self._playhead:
            self._playhead = percent
            self.update()

    def x_of(self, percent: float) -> float:
        """A place in percent as a pixel."""
        return percent / 100 * int(self.width())

    def shot_at(self, x: float, y: float) -> int:
        """The shot under a point of the first lane, the one painted last; -1 for none."""
        if not self._strip.lanes or not 0 <= y < LANE:
            return -1
        for layer in reversed(self._strip.lanes[0].layers):
            for block in layer.blocks:
                left = self.x_of(block.left)
                # Two pixels at least, as painted: a shot of one frame can be hit.
                if left <= x < left + max(self.x_of(block.width), 2):
                    return block.shot
        return -1

    def mousePressEvent(self, event: QtGui.QMouseEvent) -> None:  # noqa: N802 - Qt's name
        where = event.position() if hasattr(event, "position") else event.localPos()
        shot = self.shot_at(where.x(), where.y())
        if shot >= 0:
            self.clicked.emit(shot)

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QtGui.QPainter(self)
        if self.width() > MAX_CACHED:
            self._paint_all(painter, event.rect())
        else:
            # Painted once per width: a keystroke in the filter moves the selection and not 20,000 blocks.
            key = (self.width(), self.palette().cacheKey())
            if self._painted is None or self._painted[0] != key:
                picture = QtGui.QPixmap(self.size())
                inner = QtGui.QPainter(picture)
                inner.setFont(painter.font())
                self._paint_all(inner, self.rect())
                inner.end()
                self._painted = (key, picture)
            painter.drawPixmap(0, 0, self._painted[1])
        self._outline(painter)
        if self._playhead is not None:
            painter.setPen(QtGui.QPen(self.palette().color(QtGui.QPalette.ColorRole.Text), 2))
            x = self.x_of(self._playhead)
            painter.drawLine(QtCore.QPointF(x, 0), QtCore.QPointF(x, self.height()))
        painter.end()

    def _paint_all(self, painter: QtGui.QPainter, seen: QtCore.QRect) -> None:
        painter.fillRect(seen, self.palette().color(QtGui.QPalette.ColorRole.Base))
        for number, lane in enumerate(self._strip.lanes):
            self._paint_lane(painter, lane, number * LANE, seen)
        painter.setPen(self.palette().color(QtGui.QPalette.ColorRole.Text))
        font = painter.font()
        font.setPointSizeF(max(font.pointSizeF() * 0.8, 6))
        painter.setFont(font)
        free = 0.0
        for mark in self._strip.marks:
            x = self.x_of(mark.left)
            if x >= free:
                painter.drawText(QtCore.QPointF(x, LANE * len(self._strip.lanes) + 13), mark.label)
                free = x + painter.fontMetrics().horizontalAdvance(mark.label) + 8

    def _paint_lane(self, painter: QtGui.QPainter, lane: Lane, top: int, seen: QtCore.QRect) -> None:
        per_cent = int(self.width()) / 100
        first, last = seen.left(), seen.right()
        for layer in lane.layers:
            inks = _Inks.of(layer, self.palette())
            painted_to = -1.0
            for block in layer.blocks:
                left, width = block.left * per_cent, max(block.width * per_cent, 2.0)
                # Of thousands of blocks within one pixel, one is enough: they have one colour.
                if left > last or left + width < first or left + block.width * per_cent <= painted_to:
                    continue
                painted_to = left + width
                _paint_block(painter, inks, QtCore.QRectF(left, top + 2, width, LANE - 4))

    def _outline(self, painter: QtGui.QPainter) -> None:
        painter.setBrush(QtCore.Qt.BrushStyle.NoBrush)
        painter.setPen(QtGui.QPen(self.palette().color(QtGui.QPalette.ColorRole.Text), 3))
        for block in self._by_shot.get(self._selected, ()):
            box = QtCore.QRectF(self.x_of(block.left), 2, max(self.x_of(block.width), 2.0), LANE - 4)
            painter.drawRect(box.adjusted(1, 0, -1, 0))


@dataclass(frozen=True, slots=True)
class _Inks:
    """What one layer is painted with."""

    base: QtGui.QColor
    ink: QtGui.QColor
    ground: QtGui.QColor
    pattern: QtGui.QBrush
    glyph: str
    hollow: bool

    @classmethod
    def of(cls, layer: Layer, palette: QtGui.QPalette) -> _Inks:
        ink = over(palette)
        faint = QtGui.QColor(ink)
        faint.setAlpha(110)
        return cls(
            base=colour(layer.outcome, palette),
            ink=ink,
            ground=palette.color(QtGui.QPalette.ColorRole.Base),
            pattern=QtGui.QBrush(faint, PATTERNS[layer.outcome]),
            glyph=LOOKS[layer.outcome].glyph,
            hollow=layer.hollow,
        )


def _paint_block(painter: QtGui.QPainter, inks: _Inks, box: QtCore.QRectF) -> None:
    if inks.hollow:
        painter.setBrush(QtCore.Qt.BrushStyle.NoBrush)
        painter.setPen(QtGui.QPen(inks.base, 2, QtCore.Qt.PenStyle.DashLine))
        painter.drawRect(box)
        return
    painter.fillRect(box, inks.base)
    painter.fillRect(box, inks.pattern)
    if box.width() > 6:
        painter.setPen(inks.ground)
        painter.drawLine(box.topLeft(), box.bottomLeft())
    if box.width() >= 16:
        plate = QtCore.QRectF(box.center().x() - 8, box.top() + 1, 16, box.height() - 2)
        painter.fillRect(plate, inks.base)
        painter.setPen(inks.ink)
        painter.drawText(plate, QtCore.Qt.AlignmentFlag.AlignCenter, inks.glyph)


class StripView(QtWidgets.QWidget):
    """Lane labels, the canvas in a scroll area, and zoom."""

    clicked = QtCore.Signal(int)

    def __init__(self, parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(parent)
        self.zoom = 1.0
        self._verdict: Verdict | None = None
        self.canvas = StripCanvas()
        self.canvas.clicked.connect(self.clicked)
        self._labels = QtWidgets.QVBoxLayout()
        self._labels.setContentsMargins(0, 0, 6, 0)
        self._labels.setSpacing(0)
        self._scroll = QtWidgets.QScrollArea()
        self._scroll.setWidget(self.canvas)
        self._scroll.setFrameShape(QtWidgets.QFrame.Shape.NoFrame)
        self._scroll.setVerticalScrollBarPolicy(QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        side = QtWidgets.QWidget()
        side.setFixedWidth(LABELS)
        side.setLayout(self._labels)
        layout = QtWidgets.QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(side, 0, QtCore.Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self._scroll, 1)
        layout.addLayout(self._buttons())
        self.hide()

    def _buttons(self) -> QtWidgets.QVBoxLayout:
        column = QtWidgets.QVBoxLayout()
        for text, hint, factor in (
            (texts.ZOOM_IN, texts.ZOOM_IN_HINT, 2.0),
            (texts.ZOOM_OUT, texts.ZOOM_OUT_HINT, 0.5),
            (texts.ZOOM_FIT, texts.ZOOM_FIT, 0.0),
        ):
            button = QtWidgets.QToolButton()
            button.setText(text)
            button.setToolTip(hint)
            button.setAccessibleName(hint)
            button.clicked.connect(lambda _checked=False, by=factor: self.zoom_by(by))
            column.addWidget(button)
        column.addStretch(1)
        return column

    def show_verdict(self, verdict: Verdict | None) -> None:
        """Draws another verdict; the same one again costs nothing."""
        if verdict is self._verdict:
            return
        self._verdict = verdict
        strip = strip_of(verdict, max_lanes=5) if verdict is not None else Strip((), ())
        while self._labels.count():
            self._labels.takeAt(0).widget().deleteLater()
        for lane in strip.lanes:
            label = QtWidgets.QLabel()
            label.setTextFormat(QtCore.Qt.TextFormat.PlainText)
            elide = QtCore.Qt.TextElideMode.ElideRight
            label.setText(label.fontMetrics().elidedText(clip(lane.label, 60), elide, LABELS - 10))
            label.setFixedHeight(LANE)
            self._labels.addWidget(label)
        self.canvas.show_strip(strip)
        self.setVisible(bool(strip.lanes))
        # The scroll bar lies under the axis; five lanes or so are seen without scrolling.
        self.setFixedHeight(LANE * max(len(strip.lanes), 3) + AXIS + 16)
        self.zoom_by(0.0)

    def select(self, shot: int) -> None:
        """Outlines a shot's blocks."""
        self.canvas.select(shot)

    def set_playhead(self, percent: float | None) -> None:
        """Draws the host's place in the cut, in percent; None takes it away."""
        self.canvas.set_playhead(percent)

    def zoom_by(self, factor: float) -> None:
        """Twice as wide, half as wide, or (0) as wide as there is room; what is in the middle stays there."""
        bar = self._scroll.horizontalScrollBar()
        room = max(self._scroll.viewport().width(), 1)
        middle = (bar.value() + room / 2) / max(self.canvas.width(), 1)
        self.zoom = min(max(self.zoom * factor, 1.0), MAX_ZOOM) if factor else 1.0
        self.canvas.setFixedWidth(int(room * self.zoom))
        bar.setValue(int(middle * self.canvas.width() - room / 2))

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        self.zoom_by(1.0)

    def wheelEvent(self, event: QtGui.QWheelEvent) -> None:  # noqa: N802 - Qt's name
        if event.modifiers() & QtCore.Qt.KeyboardModifier.ControlModifier:
            self.zoom_by(2.0 if event.angleDelta().y() > 0 else 0.5)
            event.accept()
            return
        super().wheelEvent(event)
