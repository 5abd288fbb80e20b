"""The tk-multi-publish2 hook on a stand-in of the toolkit. It was run by hand on the app's own classes."""

import importlib.util
import sys
import types
from pathlib import Path

import pytest

from clearcut.core.verdict import Outcome
from clearcut.publish.stop import GateStop
from fakes.judge import FakeJudge

HOOK = Path(__file__).resolve().parents[2] / "hosts" / "shotgrid" / "clearcut_gate.py"
GOOD, BAD = "HEL_020_0100", "HEL_020_0200"


class Basic:
    """The hook in front of ours."""

    def __init__(self):
        self.published = []

    def validate(self, settings, item):
        return settings.get("valid", True)

    def publish(self, settings, item):
        self.published.append(item.name)


def an_item(shot, path=None, **properties):
    entity = None if shot is None else {"type": "Shot", "id": 1, "name": shot}
    kept = {**properties, **({} if path is None else {"path": path})}
    return types.SimpleNamespace(name="render", properties=kept, context=types.SimpleNamespace(entity=entity))


@pytest.fixture
def judge(monkeypatch):
    fake = FakeJudge({GOOD: Outcome.CLEARED, BAD: Outcome.BLOCKED})
    monkeypatch.setattr("clearcut.publish.single.configured_judge", fake.judge)
    return fake


@pytest.fixture
def hook(judge, monkeypatch):
    monkeypatch.setitem(sys.modules, "sgtk", types.SimpleNamespace(get_hook_baseclass=lambda: Basic))
    spec = importlib.util.spec_from_file_location("clearcut_gate_hook", HOOK)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.ClearcutGate()


def test_a_cleared_shot_is_validated_and_published(hook):
    assert hook.validate({}, an_item(GOOD)) is True
    hook.publish({}, an_item(GOOD))
    assert hook.published == ["render"]


def test_a_blocked_shot_is_neither(hook):
    with pytest.raises(GateStop, match="no-licence"):
        hook.validate({}, an_item(BAD))
    with pytest.raises(GateStop):
        hook.publish({}, an_item(BAD))
    assert hook.published == []


def test_twin_the_hook_in_front_alone_publishes_it():
    basic = Basic()
    basic.publish({}, an_item(BAD))
    assert basic.published == ["render"]


def test_what_the_hook_in_front_refuses_stays_refused(hook):
    assert hook.validate({"valid": False}, an_item(GOOD)) is False


def test_the_scene_that_is_published_is_read_with_it(hook, judge):
    hook.validate({}, an_item(GOOD, "/jobs/comp_v001.nk"))
    hook.validate({}, an_item(GOOD, "/out/a.%04d.exr"))
    assert [dict(question.scenes).keys() for question in judge.asked] == [{GOOD}, set()]


@pytest.mark.parametrize(
    ("item", "shot"),
    [(an_item(BAD, clearcut_shot=GOOD), GOOD), (an_item(BAD), BAD), (an_item(None), "render")],
)
def test_the_shot_is_the_property_else_the_entity_else_the_name(hook, judge, item, shot):
    try:
        hook.validate({}, item)
    except GateStop:
        pass
    assert judge.asked[0].shots == (shot,)
