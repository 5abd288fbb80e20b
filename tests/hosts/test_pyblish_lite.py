"""The gate in the real window of pyblish-lite, which wants Qt 5: skipped by name but for `make pyside2`."""

import os
import threading

import pyblish.api
import pytest

from clearcut.core.verdict import Outcome
from fakes.judge import FakeJudge
from fakes.needs import needed
from fakes.pyblish_stage import PLUGINS, Stage, clean_pyblish, errors_of
from fakes.qt import application, until

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
try:
    from pyblish_lite import control, model
    from pyblish_lite import window as lite_window
except ImportError as error:
    if needed("lite"):
        raise
    pytest.skip(f"pyblish-lite cannot be loaded here: {error}", allow_module_level=True)

GOOD, BAD, ALSO_GOOD = "HEL_020_0100", "HEL_020_0200", "HEL_020_0110"


@pytest.fixture
def gate(monkeypatch):
    monkeypatch.delenv("PYBLISHPLUGINPATH", raising=False)
    monkeypatch.setenv("PYBLISH_DELAY", "0.01")
    fake = FakeJudge({GOOD: Outcome.CLEARED, ALSO_GOOD: Outcome.CLEARED, BAD: Outcome.BLOCKED})
    monkeypatch.setattr("clearcut.publish.asking.configured_judge", fake.judge)
    with clean_pyblish():
        pyblish.api.register_plugin_path(str(PLUGINS))
        yield fake


class Lite:
    """The window, and what an artist does in it."""

    def __init__(self, *shots):
        self.app = application()
        self.stage = Stage(shots)
        self.stage.register()
        self.controller = control.Controller()
        self.window = lite_window.Window(self.controller)
        self.window.show()
        self._run(self.window.reset)

    def _run(self, press):
        ended = []
        self.controller.was_finished.connect(lambda: ended.append(1))
        press()
        until(self.app, lambda: bool(ended), timeout_s=30)

    def validate(self):
        self._run(self.window.on_validate_clicked)

    def publish(self):
        self._run(self.window.on_play_clicked)

    def _index(self, name, kind):
        items = self.window.data["models"][kind]
        return next(
            i for i in items if name in (i.data(model.Label), getattr(i.data(model.Object), "id", ""))
        )

    def toggle(self, name, kind="instances"):
        """A click on the box; whether it changed anything."""
        index = self._index(name, kind)
        before = index.data(model.IsChecked)
        self.window.on_item_toggled(index)
        return index.data(model.IsChecked) != before

    def tick_by_force(self, name):
        """What the window refuses once it has validated, its model still does."""
        index = self._index(name, "instances")
        index.model().setData(index, True, model.IsChecked)

    @property
    def said(self):
        return [item.get("label", "") for item in self.window.data["models"]["terminal"].items]

    @property
    def errors(self):
        return errors_of(self.controller.context)


# pyblish-lite keeps its one window as long as the host runs, and so are these kept: their models have no parents,
# and Qt crashes when Python collects such garbage in the thread of a check.
_KEPT = []


@pytest.fixture
def lite():
    opened = []

    def make(*shots):
        opened.append(Lite(*shots))
        _KEPT.append(opened[-1])
        return opened[-1]

    yield make
    for one in opened:
        one.window.hide()


def test_a_blocked_shot_is_stopped_and_the_window_shows_the_whole_text(gate, lite):
    window = lite(BAD)
    window.publish()
    assert window.stage.stopped
    text = "\n".join(window.said)
    assert all(part in text for part in (BAD, "shows a double", "Ask clearance", "[no-licence]"))


def test_a_cleared_shot_is_published(gate, lite):
    window = lite(GOOD)
    window.publish()
    assert window.stage.integrated == [GOOD]
    assert window.errors == {}


def test_twin_without_the_gate_the_blocked_shot_is_published(gate, lite):
    pyblish.api.deregister_plugin_path(str(PLUGINS))
    window = lite(BAD)
    window.publish()
    assert window.stage.integrated == [BAD]


def test_validated_first_and_published_then(gate, lite):
    window = lite(GOOD)
    window.validate()
    window.publish()
    assert window.stage.integrated == [GOOD]


def test_an_unticked_shot_is_left_out_and_the_rest_is_published(gate, lite):
    window = lite(GOOD, BAD)
    assert window.toggle(BAD)
    window.publish()
    assert window.stage.integrated == [GOOD]


def test_no_plugin_of_the_gate_can_be_unticked(gate, lite):
    window = lite(BAD)
    for label in ("Clearance: ask", "Clearance", "Clearance: guard A", "Clearance: guard (extraction)"):
        assert not window.toggle(label, "plugins"), label
    window.publish()
    assert window.stage.stopped


def ticked_after_validation(window, shot):
    """facts.md: the window refuses the click by then, but its model does as it is told."""
    assert window.toggle(shot)
    window.validate()
    assert not window.toggle(shot)
    window.tick_by_force(shot)
    window.publish()


@pytest.mark.parametrize("shot", [ALSO_GOOD, BAD])
def test_a_shot_ticked_after_validation_stops_the_publish_and_says_what_to_do(gate, lite, shot):
    """Publish begins half an order before the next plug-in, and so with guard A."""
    window = lite(GOOD, shot)
    ticked_after_validation(window, shot)
    assert window.stage.stopped
    assert f"{shot} may not be published: nobody has looked at it" in window.errors["GuardClearcutValidation"]
    assert "reset and validate again" in "\n".join(window.said)


def test_twin_without_the_guards_it_is_published(gate, lite):
    pyblish.api.register_discovery_filter(
        lambda plugins: plugins.__setitem__(
            slice(None), [p for p in plugins if "guard (" not in str(p.label)]
        )
    )
    window = lite(GOOD, BAD)
    ticked_after_validation(window, BAD)
    assert window.stage.integrated == [GOOD, BAD]


def test_a_slow_answer_leaves_the_window_alive_and_comes_in(gate, lite, monkeypatch):
    from qtpy import QtCore

    hold, beats = threading.Event(), []
    check = gate.check
    monkeypatch.setattr(gate, "check", lambda question: hold.wait(20) and check(question))
    window = lite(GOOD)
    beat = QtCore.QTimer(window.app)
    beat.timeout.connect(lambda: beats.append(1) or len(beats) < 9 or hold.set())
    beat.start(10)
    window.publish()
    beat.stop()
    assert window.stage.integrated == [GOOD], "the window's timer did not run while the gate waited"
