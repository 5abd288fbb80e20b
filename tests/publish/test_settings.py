"""A studio's settings in AYON and QuadPype cannot switch the gate off; twins show that they do switch a usual validator off."""

import pyblish.api
import pytest

from clearcut.publish.finding import State
from clearcut.publish.inspection import inspect_plugins
from clearcut.publish.shipped_files import SHIPPED
from fakes.publishers import ayon, quadpype
from fakes.pyblish_stage import Stage, errors_of

GOOD, BAD = "HEL_020_0100", "HEL_020_0200"
OURS = [shipped.plugin for shipped in SHIPPED]
OFF = {
    "enabled": False,
    "active": False,
    "optional": True,
    "hosts": ["maya"],
    "families": ["never"],
    "targets": ["never"],
    "order": 7,
    "match": 4,
}
both = pytest.mark.parametrize("publisher", [ayon, quadpype])


def staged(shot):
    stage = Stage((shot,))
    stage.register()
    return stage


def applied(publisher, names, settings):
    pyblish.api.register_discovery_filter(publisher(dict.fromkeys(names, settings)))


class ValidateUsual(pyblish.api.InstancePlugin):
    order = 1

    def process(self, instance):
        raise ValueError("refused")


@both
@pytest.mark.parametrize("attribute", OFF)
def test_no_single_setting_takes_a_plugin_away_or_alters_it(gate, publisher, attribute):
    applied(publisher, OURS, {attribute: OFF[attribute]})
    assert [f.message for f in inspect_plugins() if f.state is State.BROKEN] == []
    stage = staged(BAD)
    assert "ValidateClearcut" in errors_of(stage.publish())
    assert stage.stopped


@both
def test_all_of_them_together_stop_no_cleared_shot_and_let_no_blocked_one_through(gate, publisher):
    applied(publisher, OURS, OFF)
    stage = staged(GOOD)
    stage.publish()
    assert stage.integrated == [GOOD]
    gate.outcomes = {}
    stage = staged(BAD)
    stage.publish()
    assert stage.stopped


@pytest.mark.parametrize(
    ("publisher", "attribute"),
    [
        *((ayon, name) for name in ("enabled", "active", "hosts", "families", "order")),
        *((quadpype, name) for name in ("enabled", "active", "families", "order")),  # it looks at hosts once
    ],
)
def test_twin_a_usual_validator_is_switched_off(publisher, attribute):
    usual = type("ValidateUsual", (ValidateUsual,), {})
    pyblish.api.register_plugin(usual)
    applied(publisher, ["ValidateUsual"], {attribute: OFF[attribute]})
    stage = staged(BAD)
    stage.publish()
    assert stage.integrated == [BAD]


def test_twin_a_gate_that_only_ignores_its_settings_would_be_gone_in_quadpype(gate):
    ask = {"apply_settings": classmethod(lambda cls, *settings: None)}
    pyblish.api.register_discovery_filter(
        lambda plugins: plugins.__setitem__(
            slice(None), [type(p.__name__, (p,), ask) if p.__name__ in OURS else p for p in plugins]
        )
    )
    applied(quadpype, OURS, {"enabled": False})
    stage = staged(BAD)
    stage.publish()
    assert stage.integrated == [BAD]
