"""The panel's window: puts the widgets together, hands gestures to the presenter and draws its state."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from qtpy import QtCore, QtGui, QtWidgets

from clearcut.core.verdict import Outcome, Verdict
from clearcut.panel import texts
from clearcut.panel.asking import Answer, Step, Tell
from clearcut.panel.presenter import PanelState, Phase, Presenter
from clearcut.panel.qt.detail import DetailView
from clearcut.panel.qt.header import Header
from clearcut.panel.qt.strip import StripView
from clearcut.panel.qt.table import RowsModel
from clearcut.panel.qt.worker import Checker
from clearcut.report.visible import clip
from clearcut.report.wording import shots_word

_KEY = QtCore.Qt.Key
_WIDTHS = (128, 92, 145, 300, 200, 95, 85, 100)
_FOLLOW_MS = 200


class PanelWindow(QtWidgets.QWidget):
    """Shows one cut.

    `check` is called with the edit's path (None: the host's cut) and with what to tell its steps to, on a thread of
    its own. `open_report` is given the verdict. What a host gives is called on the window's thread only: `select_node`
    takes a node's name, `publish` the names of the shots that are cleared (its gate asks again), `playhead` says which
    shot and which frame of its media the host shows, or None.
    """

    def __init__(
        self,
        presenter: Presenter,
        check: Callable[[Path | None, Tell], Answer | Verdict],
        *,
        open_report: Callable[[Verdict], None] | None = None,
        select_node: Callable[[str], None] | None = None,
        publish: Callable[[tuple[str, ...]], None] | None = None,
        playhead: Callable[[], tuple[str, int] | None] | None = None,
        parent: QtWidgets.QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.presenter = presenter
        self._check = check
        self._open_report = open_report
        self._select_node = select_node
        self._publish = publish
        self._playhead = playhead
        presenter.host_publishes = publish is not None
        self._edit: Path | None = None
        self._drawing = False
        self.checker = Checker(self)
        # Slots of this widget, so that Qt queues them on its thread: a bare function runs on the sender's.
        self.checker.stepped.connect(self._stepped)
        self.checker.arrived.connect(self._arrived)
        self.checker.failed.connect(self._failed)
        self.checker.sent.connect(self._sent)
        self.checker.unsent.connect(self._unsent)
        self._build()
        presenter.changed = self.draw
        self.draw(presenter.state)
        self.setMinimumSize(480, 360)
        self._clock = QtCore.QTimer(self)
        self._clock.timeout.connect(self._tick)
        self._clock.start(30_000)
        self._following = QtCore.QTimer(self)
        self._following.timeout.connect(self._follow)
        if playhead is not None:
            self._following.start(_FOLLOW_MS)

    def start(self, edit: Path | None) -> None:
        """Checks an edit; None is the cut of the host."""
        if edit != self._edit:
            self.presenter.opened()
        self._edit = edit
        self.check_again()

    def check_again(self) -> None:
        """Asks once more about the same edit."""
        edit = self._edit
        ticket = self.presenter.begin(str(edit) if edit is not None else texts.WINDOW)
        self.checker.start(ticket, lambda tell: self._check(edit, tell))

    def draw(self, state: PanelState) -> None:
        """Draws a state; whatever is the same as before is left alone."""
        self._drawing = True
        self.setWindowTitle(f"{state.title} - {texts.WINDOW}")
        self.header.draw(state)
        self.strip.show_verdict(self.presenter.verdict)
        self.search.setVisible(state.phase is Phase.READY)
        self.shown.setText(state.shown)
        self.model.show_rows(state.rows, self.palette())
        self._draw_selection(state)
        self.detail.draw(state.detail)
        self.message.setText(state.message)
        self.hint.setText(state.hint)
        self.progress.setVisible(state.checking)
        self.step.setText(state.progress)
        self.note.setText(state.note)
        self.note.setVisible(bool(state.note))
        self.strip.set_playhead(state.playhead)
        self.pages.setCurrentIndex(1 if state.rows else 0)
        for name, button in self.buttons.items():
            button.setEnabled(self._possible(name, state))
        self._draw_hints(state)
        self._drawing = False

    def _draw_hints(self, state: PanelState) -> None:
        """Why a button cannot be pressed is said by the button."""
        hint = state.publish_why_not
        if not hint:
            hint = texts.PUBLISH_HINT.format(shots=shots_word(len(self.presenter.publishable())))
        sends = self.presenter.requester() is not None
        hints = {
            texts.PUBLISH: hint,
            texts.REQUEST: texts.REQUEST_SENDS if sends else texts.REQUEST_COPIES,
        }
        if self._select_node is not None:
            hints[texts.SELECT_NODE] = texts.SELECT_NODE_HINT if self.presenter.nodes() else texts.NO_NODE
        for name, told in hints.items():
            self.buttons[name].setToolTip(told)
            self.buttons[name].setAccessibleDescription(told)

    def _possible(self, name: str, state: PanelState) -> bool:
        if name == texts.CANCEL:
            return state.checking
        if name in (texts.OPEN, texts.CHECK):
            return not state.checking
        if name == texts.PUBLISH:
            return not state.publish_why_not
        if name == texts.SELECT_NODE:
            return bool(self.presenter.nodes())
        if name == texts.REQUEST:
            return self.presenter.answered and state.selected >= 0
        return self.presenter.answered

    def _draw_selection(self, state: PanelState) -> None:
        if state.selected < 0:
            self.table.clearSelection()
            self.strip.select(-1)
            return
        self.strip.select(state.rows[state.selected].shot)
        if self.table.currentIndex().row() != state.selected:
            self.table.setCurrentIndex(self.model.index(state.selected, 0))

    def _build(self) -> None:
        self.header = Header()
        self.header.toggled.connect(self._toggled)
        self.strip = StripView()
        self.strip.clicked.connect(self._block_clicked)
        self.search = QtWidgets.QLineEdit()
        self.search.setPlaceholderText(texts.FILTER)
        self.search.setAccessibleName(texts.FILTER)
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._typed)
        self.shown = QtWidgets.QLabel()
        self.shown.setTextFormat(QtCore.Qt.TextFormat.PlainText)
        self.progress = QtWidgets.QProgressBar()
        self.progress.setRange(0, 0)
        self.progress.setMaximumWidth(160)
        self.progress.setTextVisible(False)
        self.step = QtWidgets.QLabel()
        self.step.setTextFormat(QtCore.Qt.TextFormat.PlainText)
        row = QtWidgets.QHBoxLayout()
        row.addWidget(self.search, 1)
        row.addWidget(self.shown)
        row.addStretch()
        row.addWidget(self.step)
        row.addWidget(self.progress)
        layout = QtWidgets.QVBoxLayout(self)
        layout.addWidget(self.header)
        layout.addWidget(self.strip)
        layout.addLayout(row)
        self.pages = QtWidgets.QStackedWidget()
        self.pages.addWidget(self._empty_page())
        self.pages.addWidget(self._shots_page())
        layout.addWidget(self.pages, 1)
        self.note = QtWidgets.QLabel()
        self.note.setTextFormat(QtCore.Qt.TextFormat.PlainText)
        self.note.setWordWrap(True)
        layout.addWidget(self.note)
        layout.addLayout(self._actions())
        everywhere = (
            (_KEY.Key_Slash, self.search.setFocus),
            (_KEY.Key_Escape, self._escape),
            (_KEY.Key_F5, self.buttons[texts.CHECK].click),
        )
        # A docked panel must not take these keys away from its host's other windows.
        inside = QtCore.Qt.ShortcutContext.WidgetWithChildrenShortcut
        enter = [(self.table, keys, self.detail.setFocus) for keys in (_KEY.Key_Return, _KEY.Key_Enter)]
        for place, keys, act in [*((self, keys, act) for keys, act in everywhere), *enter]:
            shortcut = QtWidgets.QShortcut(QtGui.QKeySequence(keys), place)
            shortcut.setContext(inside)
            shortcut.activated.connect(act)
        self.search.returnPressed.connect(self.table.setFocus)

    def _empty_page(self) -> QtWidgets.QWidget:
        page = QtWidgets.QWidget()
        self.message, self.hint = QtWidgets.QLabel(), QtWidgets.QLabel()
        font = self.message.font()
        font.setPointSizeF(font.pointSizeF() * 1.4)
        self.message.setFont(font)
        column = QtWidgets.QVBoxLayout(page)
        column.addStretch(1)
        for label in (self.message, self.hint):
            label.setTextFormat(QtCore.Qt.TextFormat.PlainText)
            label.setAlignment(QtCore.Qt.AlignmentFlag.AlignCenter)
            label.setWordWrap(True)
            label.setTextInteractionFlags(QtCore.Qt.TextInteractionFlag.TextSelectableByMouse)
            column.addWidget(label)
        column.addStretch(2)
        return page

    def _shots_page(self) -> QtWidgets.QWidget:
        self.model = RowsModel(self)
        self.table = QtWidgets.QTableView()
        self.table.setModel(self.model)
        view = QtWidgets.QAbstractItemView
        self.table.setSelectionBehavior(view.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(view.SelectionMode.SingleSelection)
        self.table.setVerticalScrollMode(view.ScrollMode.ScrollPerPixel)
        self.table.setAlternatingRowColors(True)
        self.table.setWordWrap(False)
        self.table.setTabKeyNavigation(False)
        # Fixed heights: asking 20,000 rows how high they are would freeze the host.
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setSectionResizeMode(QtWidgets.QHeaderView.ResizeMode.Fixed)
        self.table.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 10)
        for column, width in enumerate(_WIDTHS):
            self.table.setColumnWidth(column, width)
        self.table.horizontalHeader().setStretchLastSection(True)
        self.table.selectionModel().currentRowChanged.connect(self._row_changed)
        self.detail = DetailView()
        split = QtWidgets.QSplitter(QtCore.Qt.Orientation.Vertical)
        split.addWidget(self.table)
        split.addWidget(self.detail)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        return split

    def _actions(self) -> QtWidgets.QHBoxLayout:
        row = QtWidgets.QHBoxLayout()
        wanted = {
            texts.OPEN: self._open,
            texts.CHECK: self.check_again,
            texts.CANCEL: self.presenter.cancel,
            texts.REQUEST: self._request,
            texts.COPY: lambda: self._copy(self.presenter.as_text()),
            texts.REPORT: self._report,
            texts.PUBLISH: self._publish_cleared,
        }
        if self._select_node is not None:
            wanted[texts.SELECT_NODE] = self._select
        self.buttons = {}
        for text, act in wanted.items():
            button = QtWidgets.QPushButton(text)
            button.clicked.connect(lambda _checked=False, do=act: do())
            row.addWidget(button)
            self.buttons[text] = button
        row.addStretch(1)
        return row

    def _stepped(self, ticket: int, step: Step) -> None:
        self.presenter.stepped(ticket, step)

    def _arrived(self, ticket: int, answer: Answer | Verdict) -> None:
        self.presenter.arrived(ticket, answer)

    def _failed(self, ticket: int, error: BaseException) -> None:
        self.presenter.failed(ticket, error)

    def _row_changed(self, now: QtCore.QModelIndex, _before: QtCore.QModelIndex) -> None:
        if not self._drawing:
            self.presenter.select(now.row())

    def _block_clicked(self, shot: int) -> None:
        self.presenter.select_shot(shot)

    def _typed(self, text: str) -> None:
        self.presenter.type_filter(text)

    def _toggled(self, outcome: str) -> None:
        self.presenter.toggle(Outcome(outcome))

    def _follow(self) -> None:
        if self._playhead is None or not self.isVisible():
            return
        place = self._playhead()
        if place is None:
            self.presenter.set_playhead(None)
        else:
            self.presenter.follow(*place)

    def _request(self) -> None:
        send, wanted = self.presenter.requester(), self.presenter.wanted()
        self._copy(self.presenter.request())
        if send is None:
            self.presenter.noted(texts.REQUEST_COPIED)
            return
        self.presenter.noted(texts.REQUEST_SENDING)
        self.checker.send(lambda: ", ".join(send(one) for one in wanted))

    def _sent(self, said: str) -> None:
        self.presenter.noted(texts.REQUEST_SENT.format(requests=clip(said, 200)))
        self.check_again()

    def _unsent(self, error: BaseException) -> None:
        self.presenter.noted(texts.REQUEST_FAILED.format(error=clip(str(error), 300)))

    def _publish_cleared(self) -> None:
        shots = self.presenter.publishable()
        if shots and self._publish is not None:
            self._publish(shots)

    def _tick(self) -> None:
        self.presenter.tick()

    def _escape(self) -> None:
        self.search.clear()
        self.presenter.show_all()

    def _open(self) -> None:
        name, _ = QtWidgets.QFileDialog.getOpenFileName(self, texts.OPEN.replace("&", ""), "", texts.EDITS)
        if name:
            self.start(Path(name))

    def _copy(self, text: str) -> None:
        QtWidgets.QApplication.clipboard().setText(text)

    def _report(self) -> None:
        if self.presenter.verdict is not None and self._open_report is not None:
            self._open_report(self.presenter.verdict)

    def _select(self) -> None:
        for node in self.presenter.nodes()[:1]:
            if self._select_node is not None:
                self._select_node(node)
