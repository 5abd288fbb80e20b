"""What a stopped artist reads, in each window: complete by itself, and a page of the host's own where it has one."""

import pickle
import sys
import types

import pyblish.api
import pyblish.util
import pytest

from clearcut.core.reasons import reason
from clearcut.core.verdict import Outcome, ShotVerdict
from clearcut.errors import BackendError, Fault, RegistryError
from clearcut.publish.stop import GateStop, Stop, publish_error
from clearcut.publish.wording import several, stop_of_error, stop_of_shot
from fakes.judge import shot_verdict
from fakes.pyblish_stage import PLUGINS, Stage, errors_of

GOOD, BAD = "HEL_020_0100", "HEL_020_0200"
STOP = Stop("Clearance: A", "A may not be published.\nAsk clearance: renew.", ("licence-expired",), False)


class HostError(Exception):
    """In the shape of AYON's, QuadPype's and OpenPype's."""

    def __init__(self, message, title=None, description=None, detail=None):
        self.message = message
        self.title = title
        self.description = description or message
        self.detail = detail
        super().__init__(message)


def load_host(monkeypatch, name, error_class):
    module = types.ModuleType(name)
    module.PublishValidationError = error_class
    monkeypatch.setitem(sys.modules, name, module)


@pytest.mark.parametrize(
    "name",
    [
        "ayon_core.pipeline.publish",
        "quadpype.pipeline.publish",
        "openpype.pipeline.publish",
        "openpype.pipeline",
    ],
)
def test_in_a_host_the_error_is_the_hosts_own_with_title_and_description(monkeypatch, name):
    load_host(monkeypatch, name, HostError)
    error = publish_error(STOP)
    assert isinstance(error, HostError)
    assert isinstance(error, GateStop)
    assert (error.title, str(error), error.message) == ("Clearance: A", STOP.message, STOP.message)
    assert error.description == "A may not be published.\n\nAsk clearance: renew."
    assert error.detail == "licence-expired"


def test_without_a_host_the_error_is_ours():
    assert type(publish_error(STOP)) is GateStop


class Demanding(Exception):
    def __init__(self, message, *, colour):
        super().__init__(message)


class Quiet(HostError):
    def __bool__(self):
        return False

    def __str__(self):
        return ""


@pytest.mark.parametrize("odd", [Demanding, "no class", None, 7, dict])
def test_a_hosts_class_of_another_shape_does_not_take_the_stop_with_it(monkeypatch, odd):
    load_host(monkeypatch, "ayon_core.pipeline.publish", odd)
    assert type(publish_error(STOP)) is GateStop


def test_a_hosts_class_that_is_false_or_silent_is_overruled(monkeypatch):
    load_host(monkeypatch, "ayon_core.pipeline.publish", Quiet)
    error = publish_error(STOP)
    assert bool(error)
    assert str(error) == STOP.message


def ayon_filter(settings):
    """What AYON does to discovered plug-ins: their own `apply_settings`, else attributes from the settings."""

    def apply(plugins):
        for plugin in list(plugins):
            own = getattr(plugin, "apply_settings", None)
            if own is not None:
                own({"project": settings}, {})
            else:
                for key, value in settings.items():
                    setattr(plugin, key, value)
            if getattr(plugin, "enabled", True) is False:
                plugins.remove(plugin)

    return apply


OFF = [{"enabled": False}, {"active": False, "optional": True}]


@pytest.mark.parametrize("settings", OFF, ids=str)
def test_settings_cannot_switch_the_gate_off(gate, settings):
    pyblish.api.register_discovery_filter(ayon_filter(settings))
    assert {"AskClearcut", "ValidateClearcut"} <= {p.__name__ for p in pyblish.api.discover() if p.active}


@pytest.mark.parametrize("settings", OFF, ids=str)
def test_twin_settings_do_switch_a_usual_plugin_off(judge, tmp_path, settings):
    for path in PLUGINS.glob("*.py"):
        (tmp_path / path.name).write_text(
            path.read_text().replace("def apply_settings", "def other"), encoding="utf-8"
        )
    pyblish.api.register_plugin_path(str(tmp_path))
    stage = Stage((BAD,))
    pyblish.api.register_discovery_filter(ayon_filter(settings))
    pyblish.api.register_discovery_filter(lambda plugins: plugins.extend(stage.plugins()))
    stage.publish()
    assert stage.integrated == [BAD]


def test_every_reason_is_told_worst_first_with_replica_and_pseudonym():
    shot = shot_verdict(BAD, Outcome.BLOCKED)
    shot = ShotVerdict(
        BAD,
        Outcome.BLOCKED,
        shot.record,
        shot.uses,
        (reason("shot-ambiguous", "two names"), reason("screen-time-near-cap", "x")),
    )
    told = stop_of_shot(shot)
    assert told.message.splitlines()[0] == f"{BAD} may not be published: it is blocked."
    assert [line.rpartition("[")[2] for line in told.message.splitlines()[1:]] == [
        "no-licence]",
        "shot-ambiguous]",
    ]
    assert "rpl-p1-body (P1)" in told.message
    assert (told.codes, told.unknown) == (("no-licence", "shot-ambiguous"), False)


def test_a_long_list_is_cut_and_says_where_the_rest_is():
    reasons = tuple(reason("shot-ambiguous", f"name {n}") for n in range(20))
    told = stop_of_shot(ShotVerdict(BAD, Outcome.UNKNOWN, (), (), reasons)).message
    assert f"and 12 more: `clearcut check --shot {BAD}` lists them all" in told


def test_a_refusal_without_a_reason_still_says_what_to_do():
    told = stop_of_shot(ShotVerdict(BAD, Outcome.UNKNOWN, (), (), ()))
    assert "without a reason" in told.message
    assert "Ask pipeline TD" in told.message


def test_an_error_of_ours_keeps_its_code_who_and_remedy():
    told = stop_of_error(GOOD, BackendError("http://x answers 503", code="backend-unavailable"))
    assert told.codes == ("backend-unavailable",)
    assert all(part in told.message for part in (GOOD, "503", "Ask render wrangler", "try again"))


def test_a_file_with_thousands_of_faults_is_told_by_its_first():
    error = RegistryError(
        tuple(Fault(f"licences[{n}]", "unknown word") for n in range(5000)), where="registry.json"
    )
    told = stop_of_error(GOOD, error).message
    assert "5000 faults" in told
    assert "licences[0]: unknown word" in told
    assert "and 4989 more" in told
    assert told.count("\n") < 20


def test_several_stops_are_unknown_only_if_all_are():
    unknown = Stop("b", "b", ("cut-missing",), True)
    assert several((STOP, unknown)).unknown is False
    assert several((unknown, unknown)).unknown is True
    assert several((unknown,)) is unknown


def test_guard_a_says_it_in_a_line_when_the_validator_has_told_it(gate):
    Stage((BAD,)).register()
    said = errors_of(pyblish.util.publish())
    assert said["GuardClearcutValidation"].count("\n") == 0
    assert "no-licence" in said["ValidateClearcut"]


def test_the_error_survives_being_sent_to_another_process():
    """pyblish-qml and farms pass errors on."""
    assert str(pickle.loads(pickle.dumps(GateStop(STOP)))) == STOP.message
