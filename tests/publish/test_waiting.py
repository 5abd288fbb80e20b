"""The thread that publishes waits with a limit, keeps a host's windows alive, and takes no silence for an answer."""

import threading

import pyblish.api
import pyblish.util
import pytest

from clearcut.errors import BackendError
from clearcut.publish import asking, waiting
from clearcut.publish.asking import EarlyAnswer, answer_for
from clearcut.publish.single import require_clearance
from clearcut.publish.waiting import elsewhere
from fakes.pyblish_stage import Stage, errors_of
from fakes.qt import application

GOOD, BAD = "HEL_020_0100", "HEL_020_0200"


@pytest.fixture
def app():
    return application()


@pytest.fixture
def impatient(monkeypatch):
    """A limit that a test can wait for."""
    monkeypatch.setattr(asking, "LIMIT_S", 0.3)


@pytest.fixture
def hold():
    """Answers wait for it; at the test's end they are let go."""
    event = threading.Event()
    yield event
    event.set()


@pytest.fixture
def slow(gate, hold, monkeypatch):
    """A server that does not answer before it is let go."""
    check = gate.check
    monkeypatch.setattr(gate, "check", lambda question: hold.wait(20) and check(question))
    return gate


def staged(*shots):
    stage = Stage(shots)
    stage.register()
    return stage


def later(app, after_ms, call):
    """Calls while the publish waits, as a host's own timers do."""
    from qtpy import QtCore

    timer = QtCore.QTimer(app)
    timer.setSingleShot(True)
    timer.timeout.connect(call)
    timer.start(after_ms)


def dialog():
    from qtpy import QtWidgets

    found = [w for w in QtWidgets.QApplication.topLevelWidgets() if isinstance(w, QtWidgets.QProgressDialog)]
    return next((w for w in found if w.isVisible()), None)


# --- without windows ----------------------------------------------------------------------------------------------


def test_the_asking_is_not_done_on_the_thread_that_publishes(gate):
    threads = []
    check = gate.check
    gate.check = lambda question: (threads.append(threading.current_thread()), check(question))[1]
    assert staged(GOOD).publish().data["clearcut"].outcome
    require_clearance(GOOD, None, gate.judge())
    assert threading.main_thread() not in threads
    assert len(threads) == 2


def test_a_slow_answer_is_waited_for(slow, hold):
    stage = staged(GOOD, BAD)
    threading.Timer(0.2, hold.set).start()
    context = stage.publish()
    assert "no-licence" in errors_of(context)["ValidateClearcut"]
    assert stage.integrated == []


def test_a_server_that_never_answers_stops_the_publish_within_the_limit(slow, impatient):
    stage = staged(GOOD)
    said = errors_of(stage.publish())["AskClearcut"]
    assert stage.stopped
    assert "no answer within 0.3 s" in said
    assert "backend-unavailable" in said


def test_an_answer_that_comes_after_the_limit_changes_nothing(slow, impatient, hold):
    stage = staged(GOOD)
    context = stage.publish()
    hold.set()
    for thread in threading.enumerate():
        if thread.name == "clearcut-ask":
            thread.join(10)
    pyblish.util.extract(context)
    assert stage.stopped


@pytest.mark.parametrize("error", [SystemExit(0), RuntimeError("died")], ids=["exit", "raise"])
def test_a_worker_that_raises_stops_the_publish(gate, error):
    gate.raises = error
    stage = staged(GOOD)
    assert "AskClearcut" in errors_of(stage.publish())
    assert stage.stopped


def test_a_worker_that_dies_without_a_word_stops_the_publish(gate, monkeypatch):
    monkeypatch.setattr("clearcut.worker.Worker._run", lambda self: None)
    stage = staged(GOOD)
    assert "gave no answer" in errors_of(stage.publish())["AskClearcut"]
    assert stage.stopped


def test_a_thread_that_cannot_be_started_stops_the_publish(gate, monkeypatch):
    def refuse(self):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    stage = staged(GOOD)
    assert "can't start new thread" in errors_of(stage.publish())["AskClearcut"]
    assert stage.stopped


def test_twin_what_raises_a_stop_is_that_the_result_is_taken(gate, monkeypatch):
    """Were the wait's end taken for an answer, nothing would have been asked, and the guards alone would hold."""
    monkeypatch.setattr(asking, "elsewhere", lambda work, limit_s: None)
    stage = staged(GOOD)
    assert "AskClearcut" not in errors_of(stage.publish())
    assert stage.stopped


# --- with windows -------------------------------------------------------------------------------------------------


class Watched:
    """The application, with what is asked of it written down."""

    def __init__(self, app):
        self.app, self.flags = app, []

    def processEvents(self, flags, limit_ms):
        self.flags.append(flags)
        self.app.processEvents(flags, limit_ms)


def test_windows_are_painted_while_it_waits_and_no_click_reaches_anything(app, slow, hold, monkeypatch):
    from qtpy import QtCore, QtTest, QtWidgets

    watched = Watched(app)
    monkeypatch.setattr(waiting, "_DIALOG_AFTER_S", 20)
    monkeypatch.setattr(waiting, "_windows_of_this_thread", lambda: (QtCore, QtWidgets, watched))
    painted = []

    class Window(QtWidgets.QWidget):
        def paintEvent(self, event):
            painted.append(event)
            if len(painted) > 3:
                hold.set()

    window = Window()
    window.show()
    QtTest.QTest.qWaitForWindowExposed(window)
    painted.clear()
    repaint = QtCore.QTimer(window)
    repaint.timeout.connect(window.update)
    repaint.start(10)
    stage = staged(GOOD)
    stage.publish()
    window.close()
    assert stage.integrated == [GOOD], "nothing was painted within the limit"
    assert set(watched.flags) == {QtCore.QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents}


def test_a_wait_that_lasts_shows_one_dialog_and_cancel_stops_the_publish(app, slow, monkeypatch):
    monkeypatch.setattr(waiting, "_DIALOG_AFTER_S", 0.05)
    seen = []

    def press_cancel():
        box = dialog()
        if box is None:
            later(app, 20, press_cancel)
            return
        seen.append((box.isModal(), box.labelText()))
        box.cancel()

    later(app, 20, press_cancel)
    stage = staged(GOOD)
    said = errors_of(stage.publish())["AskClearcut"]
    assert seen == [(True, "Asking for clearance…")]
    assert "cancelled" in said
    assert "publish again" in said
    assert stage.stopped
    assert dialog() is None


def test_the_dialog_goes_when_the_answer_comes(app, slow, hold, monkeypatch):
    monkeypatch.setattr(waiting, "_DIALOG_AFTER_S", 0.05)
    later(app, 300, hold.set)
    stage = staged(GOOD)
    stage.publish()
    assert stage.integrated == [GOOD]
    assert dialog() is None


def test_with_windows_too_the_limit_holds(app, slow, impatient, monkeypatch):
    monkeypatch.setattr(waiting, "_DIALOG_AFTER_S", 0.05)
    stage = staged(GOOD)
    assert "no answer within" in errors_of(stage.publish())["AskClearcut"]
    assert stage.stopped


def test_a_publish_that_a_timer_starts_within_the_wait_is_refused_and_the_first_goes_on(app, slow, hold):
    inner = []

    def again():
        context = pyblish.api.Context()
        context.create_instance("again", shot=GOOD)
        try:
            answer_for(context)
        except BackendError as error:
            inner.append(str(error))
        hold.set()

    later(app, 50, again)
    stage = staged(GOOD)
    stage.publish()
    assert inner == ["another publish is waiting for its answer"]
    assert stage.integrated == [GOOD]


def test_after_a_wait_that_failed_the_next_one_may_wait(app, slow, hold, monkeypatch):
    with pytest.raises(BackendError, match="no answer"):
        elsewhere(lambda: hold.wait(20), limit_s=0.05)
    assert elsewhere(lambda: 7) == 7


def test_a_thread_that_has_no_windows_waits_plainly(app, gate, monkeypatch):
    """A render thread of a host with windows must not touch them."""
    monkeypatch.setattr(waiting, "_wait_painting", lambda *_: pytest.fail("painted from another thread"))
    found = []
    thread = threading.Thread(target=lambda: found.append(elsewhere(lambda: 7)))
    thread.start()
    thread.join(10)
    assert found == [7]


# --- asked before the publish needs it ------------------------------------------------------------------------------


def collected(*shots):
    stage = staged(*shots)
    return stage, pyblish.util.collect()


def test_an_early_answer_is_taken_for_the_same_question(gate):
    stage, context = collected(GOOD)
    early = EarlyAnswer(context)
    assert early._worker.wait(10)
    pyblish.util.validate(context)
    pyblish.util.extract(context)
    assert stage.extracted == [GOOD]
    assert len(gate.asked) == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda context: context[0].data.update(shot=BAD),
        lambda context: context[0].data.update(family="plate"),
        lambda context: context[0].data.update(clearcutScene="other.nk"),
        lambda context: context.data.update(clearcutEdit="other.otio"),
        lambda context: context.create_instance("more", shot=BAD),
        lambda context: context[0].data.update(publish=False) or context.create_instance("more", shot=GOOD),
    ],
    ids=["shot", "family", "scene", "cut", "one more", "another one"],
)
def test_an_early_answer_to_another_question_is_not_taken(gate, change):
    _, context = collected(GOOD)
    EarlyAnswer(context)
    change(context)
    answer_for(context)
    assert len(gate.asked) == 2


def test_an_early_answer_is_nobody_elses_and_is_taken_once(gate):
    _, context = collected(GOOD)
    EarlyAnswer(context)
    other = pyblish.api.Context()
    other.create_instance("i", shot=GOOD)
    answer_for(other)
    answer_for(context)
    assert len(gate.asked) == 3


def test_an_early_answer_that_failed_stops_the_publish(gate):
    stage, context = collected(GOOD)
    gate.raises = OSError("away")
    early = EarlyAnswer(context)
    assert early._worker.wait(10)
    gate.raises = None
    pyblish.util.validate(context)
    pyblish.util.extract(context)
    assert stage.stopped
