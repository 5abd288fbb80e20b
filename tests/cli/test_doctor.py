"""`clearcut doctor` as a whole process' worth: exit codes, both formats, each failing line with who and how."""

import json
import sys
import types
from pathlib import Path

import pytest
from click.testing import CliRunner

from clearcut.cli import cli
from clearcut.publish.finding import State, broken, holds, note, state_of, untold
from clearcut.publish.setup_inspection import inspect_setup
from fakes.pyblish_stage import PLUGINS, clean_pyblish

ROOT = Path(__file__).resolve().parents[2]
HELIOS = ROOT / "src" / "clearcut" / "shipped" / "helios"


@pytest.fixture(autouse=True)
def in_place(monkeypatch, tmp_path):
    """A shell in which the gate holds; each test breaks one thing."""
    for variable in ("SERVER", "RULES", "STUDIO_RULES", "TOKEN", "TOKEN_FILE", "PACKS"):
        monkeypatch.delenv(f"CLEARCUT_{variable}", raising=False)
    for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(variable, str(tmp_path / "home"))
    monkeypatch.setenv("CLEARCUT_EDIT", str(HELIOS / "helios_v041.otio"))
    monkeypatch.setenv("CLEARCUT_REGISTRY", str(HELIOS / "registry.json"))
    monkeypatch.setenv("PYBLISHPLUGINPATH", str(PLUGINS))
    with clean_pyblish():
        yield


def doctor(*arguments):
    done = CliRunner().invoke(cli, ["doctor", "--format", "json", *arguments], standalone_mode=False)
    code = done.return_value if isinstance(done.return_value, int) else done.exit_code
    report = json.loads(done.stdout)
    for finding in report["findings"]:
        if finding["state"] in ("broken", "untold"):
            assert finding["who"], finding
            assert finding["remedy"], finding
    return code, report, done.stderr


def topics(report, state):
    return {finding["topic"] for finding in report["findings"] if finding["state"] == state}


def test_where_the_gate_holds_doctor_leaves_with_0():
    code, report, said = doctor()
    assert (code, report["state"], said) == (0, "holds", "")
    assert {"plugin", "rehearsal", "backend", "edit", "clock", "stop-test"} <= topics(report, "holds")


def test_text_says_the_same_with_who_and_how(monkeypatch):
    monkeypatch.delenv("PYBLISHPLUGINPATH")
    done = CliRunner().invoke(cli, ["doctor"], standalone_mode=False)
    assert "BROKEN  plugin-path" in done.stdout
    assert "-> pipeline TD: put the folder that `clearcut paths --pyblish` prints" in done.stdout
    assert "would not hold in this shell" in done.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("variable", "value", "topic"),
    [
        ("PYBLISHPLUGINPATH", "", "plugin-path"),
        ("PYBLISHPLUGINPATH", "/nowhere", "plugin-path"),
        ("CLEARCUT_REGISTRY", "", "backend"),
        ("CLEARCUT_REGISTRY", "/nowhere.json", "settings"),
        ("CLEARCUT_EDIT", "/nowhere.otio", "edit"),
        ("CLEARCUT_RULES", "/nowhere.toml", "settings"),
        ("CLEARCUT_SERVER", "http://127.0.0.1:9", "backend"),
    ],
)
def test_each_thing_that_is_amiss_is_named_and_the_exit_is_not_0(monkeypatch, variable, value, topic):
    monkeypatch.setenv(variable, value)
    code, report, said = doctor()
    assert code == 1
    assert topic in topics(report, "broken"), report
    assert said.startswith("clearcut: the gate would not hold")


def test_no_edit_named_is_told_and_hinders_nothing(monkeypatch):
    monkeypatch.delenv("CLEARCUT_EDIT")
    code, report, _ = doctor()
    assert (code, "edit" in topics(report, "note")) == (0, True)


def test_no_token_is_in_what_doctor_says(monkeypatch):
    monkeypatch.setenv("CLEARCUT_SERVER", "http://127.0.0.1:9")
    monkeypatch.setenv("CLEARCUT_TOKEN", "cc_secret_of_the_house")
    _, report, said = doctor()
    assert "secret_of_the_house" not in json.dumps(report) + said


def test_a_clock_before_this_release_and_clocks_apart_are_broken():
    from datetime import datetime, timezone

    found = list(inspect_setup(datetime(1970, 1, 1, tzinfo=timezone.utc)))
    assert len([f for f in found if f.topic == "clock" and f.state is State.BROKEN]) == 2


@pytest.mark.parametrize(
    ("host", "variable", "folder"),
    [("nuke", "NUKE_PATH", "nuke"), ("blender", "BLENDER_SYSTEM_SCRIPTS", "blender")],
)
def test_outside_of_a_host_doctor_says_plainly_what_it_cannot_tell(monkeypatch, host, variable, folder):
    monkeypatch.delenv(variable, raising=False)
    code, report, _ = doctor("--host", host)
    assert (code, topics(report, "broken")) == (1, {"host-path"})
    monkeypatch.setenv(variable, str(ROOT / "hosts" / folder))
    code, report, said = doctor("--host", host)
    assert code == 3
    assert topics(report, "untold") >= {f"{host}-python"}
    assert "cannot be vouched for" in said


def inside_nuke(monkeypatch, callbacks):
    ours = types.SimpleNamespace(WRITE_CLASSES=("Write", "DeepWrite"), before_render=lambda: None)
    table = {name: [(ours.before_render, (), {}, None)] for name in callbacks}
    monkeypatch.setitem(
        sys.modules, "nuke", types.SimpleNamespace(NUKE_VERSION_STRING="16.0v1", beforeRenders=table)
    )
    monkeypatch.setitem(sys.modules, "clearcut_nuke", ours)
    monkeypatch.setenv("NUKE_PATH", str(ROOT / "hosts" / "nuke"))


def test_inside_nuke_a_callback_that_was_taken_away_is_broken(monkeypatch):
    inside_nuke(monkeypatch, ["Write", "DeepWrite"])
    assert doctor("--host", "nuke")[0] == 0
    inside_nuke(monkeypatch, ["Write"])
    code, report, _ = doctor("--host", "nuke")
    assert (code, topics(report, "broken")) == (1, {"nuke-callbacks"})
    monkeypatch.delitem(sys.modules, "clearcut_nuke")
    assert doctor("--host", "nuke")[0] == 1


def test_a_part_that_does_not_load_is_a_finding_and_the_rest_is_still_looked_at(monkeypatch):
    monkeypatch.setitem(sys.modules, "clearcut.publish.setup_inspection", None)
    code, report, _ = doctor()
    assert (code, "setup" in topics(report, "broken"), "plugin" in topics(report, "holds")) == (1, True, True)


@pytest.mark.parametrize(
    ("findings", "expected"),
    [
        ([], State.HOLDS),
        ([holds("a", "b"), note("a", "b")], State.HOLDS),
        ([holds("a", "b"), untold("a", "b", "c")], State.UNTOLD),
        ([untold("a", "b", "c"), broken("a", "b", "c")], State.BROKEN),
    ],
)
def test_the_worst_finding_decides(findings, expected):
    assert state_of(findings) is expected
