"""The widgets, drawn offscreen. Skipped by name where Qt cannot be loaded; CLEARCUT_NEEDS="qt" makes that a failure."""

import os
import threading
import time
from pathlib import Path

import pytest

from fakes.needs import needed

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
try:
    from qtpy import QtCore, QtGui, QtTest, QtWidgets
except Exception as error:
    if needed("qt"):
        raise
    pytest.skip(f"Qt cannot be loaded here: {error}", allow_module_level=True)

from clearcut.core.verdict import Outcome
from clearcut.errors import BackendError, EditError
from clearcut.panel import texts
from clearcut.panel.asking import Answer, Wanted
from clearcut.panel.presenter import Phase, Presenter
from clearcut.panel.qt.app import show_report
from clearcut.panel.qt.window import PanelWindow
from fakes.qt import application, gone, until
from fakes.verdicts import NOON, a_shot, a_use, a_verdict, helios, hostile, large


@pytest.fixture(scope="module")
def app():
    return application()


@pytest.fixture
def opened(app):
    windows = []

    def make(check=lambda *_: helios(), **parts):
        window = PanelWindow(Presenter(lambda: NOON), check, **parts)
        window.resize(1200, 800)
        window.show()
        windows.append(window)
        return window

    yield make
    for window in windows:
        gone(window)


def ready(window, verdict):
    window.presenter.arrived(window.presenter.begin("cut.otio"), verdict)
    return window


def test_a_check_runs_beside_the_window_and_its_answer_arrives_on_the_windows_thread(app, opened):
    ran, drew = [], []

    def check(edit, _tell):
        ran.append((edit, threading.current_thread()))
        return helios()

    window = opened(check)
    draw = window.presenter.changed
    window.presenter.changed = lambda state: (drew.append(threading.current_thread()), draw(state))
    window.start(None)
    until(app, lambda: window.presenter.state.phase is Phase.READY)
    assert ran[0][1] is not threading.main_thread()
    assert set(drew) == {threading.main_thread()}
    assert window.model.rowCount() == 8


def test_the_window_answers_while_a_check_hangs_and_cancel_ends_the_wait(app, opened):
    hang = threading.Event()
    window = opened(lambda *_: hang.wait(20) and helios())
    window.start(None)
    app.processEvents()
    assert window.progress.isVisible()
    assert window.buttons[texts.CANCEL].isEnabled()
    window.buttons[texts.CANCEL].click()
    assert not window.progress.isVisible()
    assert window.message.text() == texts.CANCELLED
    hang.set()
    time.sleep(0.05)
    app.processEvents()
    assert window.model.rowCount() == 0, "the answer of a cancelled check came through"


def test_a_check_that_fails_shows_what_happened_and_what_to_do(app, opened):
    def check(*_):
        raise EditError("not OTIO: line 3", where="cut.otio")

    window = opened(check)
    window.start(None)
    until(app, lambda: window.presenter.state.phase is Phase.FAILED)
    assert window.message.text() == "cut-unreadable: cut.otio: not OTIO: line 3"
    assert window.hint.text() == "To do: export the edit again. Ask: editor."
    assert not window.strip.isVisible()


def test_closing_the_window_while_a_check_runs_harms_nobody(app):
    hang = threading.Event()
    window = PanelWindow(Presenter(lambda: NOON), lambda *_: hang.wait(20) and helios())
    window.start(None)
    thread = next(t for t in threading.enumerate() if t.name.startswith("clearcut-check"))
    gone(window)
    del window
    hang.set()
    thread.join(10)
    assert not thread.is_alive()
    app.processEvents()


def test_the_table_shows_the_rows_and_the_arrow_keys_select_them(app, opened):
    window = ready(opened(), helios())
    table = window.table
    assert window.model.index(0, 0).data() == "HEL_020_0120"
    assert window.model.index(0, 1).data() == "✕ blocked"
    table.setFocus()
    QtTest.QTest.keyClick(table, QtCore.Qt.Key.Key_Down)
    assert window.presenter.state.selected == 1
    assert "HEL_020_0130" in window.detail.toPlainText()
    assert "trim 6 frames, or have the cap raised" in window.detail.toPlainText()


def test_typing_filters_and_escape_brings_everything_back(app, opened):
    window = ready(opened(), helios())
    window.search.setFocus()
    QtTest.QTest.keyClicks(window.search, "mandate")
    assert window.model.rowCount() == 1
    assert window.shown.text() == "1 of 8 shots"
    window._escape()
    assert (window.model.rowCount(), window.search.text()) == (8, "")


def test_a_chip_filters(app, opened):
    window = ready(opened(), helios())
    window.header.chips["blocked"].click()
    assert window.model.rowCount() == 5
    assert not window.header.chips["blocked"].isChecked()
    assert window.header.chips["blocked"].text() == "(✕ Blocked 3)"


def test_a_click_on_a_block_of_the_strip_selects_its_shot(app, opened):
    window = ready(opened(), helios())
    app.processEvents()
    canvas = window.strip.canvas
    QtTest.QTest.mouseClick(
        canvas, QtCore.Qt.MouseButton.LeftButton, pos=QtCore.QPoint(int(canvas.width() * 0.05), 8)
    )
    assert window.presenter.state.rows[window.presenter.state.selected].name == "HEL_020_0100"
    assert "HEL_020_0100" in window.detail.toPlainText()


def test_zooming_widens_the_strip_and_fit_brings_it_back(app, opened):
    window = ready(opened(), large(500))
    app.processEvents()
    fitted = window.strip.canvas.width()
    window.strip.zoom_by(2.0)
    assert window.strip.canvas.width() == pytest.approx(2 * fitted, abs=2)
    window.strip.zoom_by(0.0)
    assert window.strip.canvas.width() == pytest.approx(fitted, abs=2)


def test_hostile_names_are_shown_as_text_and_do_not_widen_the_window(app, opened):
    window = ready(opened(), hostile())
    app.processEvents()
    assert window.width() == 1200
    assert "</script><script>alert(1)</script>" in window.detail.toPlainText()
    for label in window.findChildren(QtWidgets.QLabel):
        assert label.textFormat() == QtCore.Qt.TextFormat.PlainText or not label.text()
    tip = window.model.index(0, 0).data(QtCore.Qt.ItemDataRole.ToolTipRole)
    assert "<script>" not in tip


def test_copying_gives_a_request_and_the_whole_report(app, opened):
    window = ready(opened(), helios())
    window.buttons[texts.REQUEST].click()
    assert QtWidgets.QApplication.clipboard().text().startswith("Clearance request: HEL_020_0120")


def test_the_report_is_handed_to_whoever_opens_it(app, opened, tmp_path, monkeypatch):
    seen = []
    window = ready(opened(open_report=seen.append), helios())
    window.buttons[texts.REPORT].click()
    assert seen == [window.presenter.verdict]
    urls = []
    monkeypatch.setattr(QtGui.QDesktopServices, "openUrl", staticmethod(urls.append))
    show_report(seen[0], tmp_path)
    assert Path(urls[0].toLocalFile()).read_text(encoding="utf-8").startswith("<!doctype html>")


def test_a_host_is_asked_to_select_the_node(app, opened):
    nodes = []
    window = ready(opened(select_node=nodes.append), helios())
    window.presenter.select(3)
    window.buttons[texts.SELECT_NODE].click()
    assert nodes == ["Inference1"]
    assert texts.SELECT_NODE not in ready(opened(), helios()).buttons


def test_no_gesture_changes_a_verdict(app, opened):
    verdict = helios()
    window = ready(opened(), verdict)
    window.header.chips["blocked"].click()
    window.search.setText("P1")
    assert window.presenter.verdict is verdict
    assert window.presenter.state.outcome is Outcome.BLOCKED


def test_twenty_thousand_rows_are_painted_and_filtered_without_a_blow_up(app, opened):
    # Seconds of this process, not of the wall: tests share their machine.
    window, verdict = opened(), large(20_000)
    start = time.process_time()
    ready(window, verdict)
    app.processEvents()
    window.grab()
    assert time.process_time() - start < 20  # the goals are measured by benchmarks/bench_report.py
    took = []
    for text in ("h", "hel_01", "p7", "no such thing", ""):
        start = time.process_time()
        window.search.setText(text)
        app.processEvents()
        took.append(time.process_time() - start)
    assert max(took) < 2


def test_many_signals_lose_no_reference(app, opened):
    """The trap of PySide6 6.12.0, which aborts after some thousand signals; the requirement excludes it."""
    window = ready(opened(), a_verdict(a_shot("S", 0, 1, a_use())))
    for number in range(1000):
        window.search.setText(str(number % 2))
        window.checker.failed.emit(-1, None)
        window.checker.arrived.emit(-1, True)
    app.processEvents()
    assert window.presenter.verdict is not None


def test_what_is_cleared_is_handed_to_the_host_and_without_one_the_button_says_why_not(app, opened):
    taken = []
    ready(opened(publish=taken.append), helios()).buttons[texts.PUBLISH].click()
    assert taken == [("HEL_020_0100", "HEL_020_0110", "HEL_030_0010", "HEL_030_0020")]
    button = ready(opened(), helios()).buttons[texts.PUBLISH]
    assert not button.isEnabled()
    assert button.toolTip() == texts.PUBLISH_NO_HOST


def test_the_hosts_playhead_is_asked_for_on_the_windows_thread_and_drawn(app, opened):
    asked = []

    def playhead():
        asked.append(threading.current_thread())
        return "HEL_020_0100", 1101

    window = ready(opened(playhead=playhead), helios())
    before = window.strip.canvas.grab().toImage()
    until(app, lambda: window.presenter.state.playhead is not None)
    assert set(asked) == {threading.main_thread()}
    assert window.strip.canvas.grab().toImage() != before


def test_a_node_is_offered_only_where_one_was_seen(app, opened):
    window = ready(opened(select_node=lambda _name: None), helios())
    assert not window.buttons[texts.SELECT_NODE].isEnabled()
    assert window.buttons[texts.SELECT_NODE].toolTip() == texts.NO_NODE
    window.presenter.select(3)
    assert window.buttons[texts.SELECT_NODE].isEnabled()


def test_the_keyboard_alone_goes_from_the_table_to_the_chain_and_the_filter_and_checks_again(app, opened):
    asked = []
    window = ready(opened(lambda *_: asked.append(1) or helios()), helios())
    window.activateWindow()
    window.table.setFocus()
    app.processEvents()
    key, press = QtCore.Qt.Key, QtTest.QTest.keyClick
    press(window.table, key.Key_Return)
    assert window.focusWidget() is window.detail
    press(window.detail, key.Key_Slash)
    assert window.focusWidget() is window.search
    press(window.search, key.Key_Return)
    assert window.focusWidget() is window.table
    press(window.table, key.Key_F5)
    until(app, lambda: asked and not window.presenter.state.checking)


def test_no_two_buttons_share_a_letter():
    words = (
        texts.OPEN, texts.CHECK, texts.CANCEL, texts.COPY, texts.REQUEST,
        texts.REPORT, texts.SELECT_NODE, texts.PUBLISH,
    )  # fmt: skip
    letters = [word[word.index("&") + 1].lower() for word in words]
    assert len(set(letters)) == len(letters)


def test_a_panel_of_two_thousand_shots_is_ready_without_a_blow_up(app, opened):
    # Seconds of this process, not of the wall: tests share their machine.
    verdict = large(2000)
    start = time.process_time()
    ready(opened(), verdict)
    app.processEvents()
    assert time.process_time() - start < 20


def asked_of(send):
    """An answer of somebody who takes requests."""
    return Answer(helios(), request=send)


def test_a_request_goes_to_the_server_beside_the_window_and_the_shot_is_checked_again(app, opened):
    sent, checks = [], []

    def send(wanted):
        sent.append((wanted, threading.current_thread()))
        return "R-3 (open)"

    window = ready(opened(lambda *_: checks.append(1) or asked_of(send)), asked_of(send))
    assert window.buttons[texts.REQUEST].toolTip() == texts.REQUEST_SENDS
    window.buttons[texts.REQUEST].click()
    until(app, lambda: checks and not window.presenter.state.checking)
    assert sent[0][0] == Wanted("HELIOS", "HEL_020_0120", "rpl-p2-deaged", ("authority-expired",))
    assert sent[0][1] is not threading.main_thread()
    assert window.note.text() == texts.REQUEST_SENT.format(requests="R-3 (open)")


def test_a_request_that_is_not_sent_says_so_and_is_on_the_clipboard(app, opened):
    def send(_wanted):
        raise BackendError("the server did not answer")

    window = ready(opened(), asked_of(send))
    window.buttons[texts.REQUEST].click()
    until(app, lambda: "not sent" in window.note.text())
    assert "the server did not answer" in window.note.text()
    assert QtWidgets.QApplication.clipboard().text().startswith("Clearance request: HEL_020_0120")


def test_where_nobody_takes_requests_it_is_copied_and_says_so(app, opened):
    window = ready(opened(), helios())
    assert window.buttons[texts.REQUEST].toolTip() == texts.REQUEST_COPIES
    window.buttons[texts.REQUEST].click()
    assert window.note.text() == texts.REQUEST_COPIED


def test_a_crowd_is_one_request_for_each_replica_and_what_has_no_id_is_only_copied(app, opened):
    presenter = ready(opened(), asked_of(lambda _wanted: "")).presenter
    presenter.select(2)
    assert len(presenter.wanted()) == 14
    presenter.select(3)
    assert (presenter.wanted(), presenter.requester()) == ((), None)
