"""`clearcut doctor` as a whole process' worth: exit codes, both formats, each failing line with who and how."""

import json
import os
import subprocess
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
    ours = types.SimpleNamespace(
        WRITE_CLASSES=("Write", "DeepWrite"),
        before_render=lambda: None,
        __name__="clearcut_nuke",
        __file__=str(ROOT / "hosts" / "nuke" / "clearcut_nuke.py"),
    )
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


def test_start_up_files_of_another_version_than_their_clearcut_are_broken(monkeypatch, tmp_path):
    inside_nuke(monkeypatch, ["Write", "DeepWrite"])
    old = tmp_path / "clearcut_nuke.py"
    old.write_text("# of last year\n", encoding="utf-8")
    sys.modules["clearcut_nuke"].__file__ = str(old)
    code, report, _ = doctor("--host", "nuke")
    assert (code, topics(report, "broken")) == (1, {"host-version"})
    del sys.modules["clearcut_nuke"].__file__
    code, report, _ = doctor("--host", "nuke")
    assert (code, topics(report, "untold")) == (3, {"host-version"})


def inside_blender(monkeypatch, file):
    addon = types.SimpleNamespace(__name__="bl_ext.user_default.clearcut_gate", __file__=str(file))
    operator = type("CLEARCUT_OT_publish", (), {"__module__": addon.__name__})
    bpy = types.SimpleNamespace(
        app=types.SimpleNamespace(version_string="4.5.0"),
        types=types.SimpleNamespace(CLEARCUT_OT_publish=operator),
    )
    monkeypatch.setitem(sys.modules, "bpy", bpy)
    monkeypatch.setitem(sys.modules, addon.__name__, addon)
    return bpy


def test_inside_blender_an_extension_needs_no_script_path_and_is_held_to_its_version(monkeypatch, tmp_path):
    monkeypatch.delenv("BLENDER_SYSTEM_SCRIPTS", raising=False)
    inside_blender(monkeypatch, ROOT / "hosts/blender/addons/clearcut_gate/__init__.py")
    code, report, _ = doctor("--host", "blender")
    assert (code, "blender-addon" in topics(report, "holds")) == (0, True)
    (tmp_path / "__init__.py").write_text("# of last year\n", encoding="utf-8")
    inside_blender(monkeypatch, tmp_path / "__init__.py")
    code, report, _ = doctor("--host", "blender")
    assert (code, topics(report, "broken")) == (1, {"host-version"})


def test_inside_blender_without_the_addon_it_is_broken(monkeypatch):
    del inside_blender(monkeypatch, "").types.CLEARCUT_OT_publish
    monkeypatch.setenv("BLENDER_SYSTEM_SCRIPTS", str(ROOT / "hosts" / "blender"))
    code, report, _ = doctor("--host", "blender")
    assert (code, topics(report, "broken")) == (1, {"blender-addon"})


# --- each row of the table of how Pyblish fails open that a host can bring about ----------------------------------


@pytest.mark.parametrize("module", ["requests", "opentimelineio", "pyblish.api"])
def test_a_library_that_this_python_lacks_is_broken_and_named(monkeypatch, module):
    monkeypatch.setitem(sys.modules, module, None)
    code, report, _ = doctor()
    assert code == 1
    assert topics(report, "broken") & {"library", "pyblish"}
    said = json.dumps([f for f in report["findings"] if f["state"] == "broken"])
    assert module.partition(".")[0] in said.lower()


def a_copy(folder, version):
    (folder / "clearcut").mkdir(parents=True)
    (folder / "clearcut" / "__init__.py").write_text(f'__version__ = "{version}"\n', encoding="utf-8")
    return str(folder)


@pytest.mark.parametrize(("version", "state"), [("99.0", "broken"), ("0.0.1", "note"), ("dev", "broken")])
def test_an_older_clearcut_before_a_newer_one_on_the_path_is_broken(monkeypatch, tmp_path, version, state):
    monkeypatch.setattr(sys, "path", [*sys.path, a_copy(tmp_path / "other", version)])
    code, report, _ = doctor()
    assert topics(report, state) & {"older-first", "another-copy"}
    assert code == (1 if state == "broken" else 0)


def changed(**attributes):
    """A discovery filter, as a host's settings are one."""

    def change(plugins):
        for plugin in plugins:
            if plugin.__name__ == "AskClearcut":
                for name, value in attributes.items():
                    setattr(plugin, name, value)

    return change


@pytest.mark.parametrize(
    "attributes",
    [
        {"hosts": ["maya"]},
        {"hosts": ("*",)},
        {"families": ("*",)},
        {"families": ["never"]},
        {"targets": ["default"]},
        {"targets": ()},
        {"active": False},
        {"optional": True},
        {"order": 1.6},
    ],
    ids=str,
)
def test_a_plugin_that_a_host_filters_is_broken(attributes):
    import pyblish.api

    pyblish.api.register_discovery_filter(changed(**attributes))
    code, report, _ = doctor("--host", "nuke")
    assert code == 1
    assert "plugin-switched-off" in topics(report, "broken")


def test_a_class_of_the_same_name_earlier_on_the_path_is_broken(monkeypatch, tmp_path):
    (tmp_path / "theirs.py").write_text(
        "import pyblish.api\nclass ValidateClearcut(pyblish.api.InstancePlugin):\n    order = 1\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("PYBLISHPLUGINPATH", f"{tmp_path}{os.pathsep}{PLUGINS}")
    code, report, _ = doctor()
    assert (code, "plugin-shadowed" in topics(report, "broken")) == (1, True)


def test_a_server_without_a_token_is_broken_and_says_so(monkeypatch):
    monkeypatch.setenv("CLEARCUT_SERVER", "http://127.0.0.1:9")
    monkeypatch.delenv("CLEARCUT_TOKEN", raising=False)
    code, report, _ = doctor()
    said = [f["message"] for f in report["findings"] if f["topic"] == "backend"]
    assert (code, len(said)) == (1, 1)
    assert "token" in said[0]


@pytest.mark.parametrize("level", ["", "1", "2"])
def test_python_optimize_takes_nothing_from_the_gate(monkeypatch, level, tmp_path):
    """Asserts and docstrings are gone then: no stop of ours is one."""
    environ = {**os.environ, "PYTHONOPTIMIZE": level, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(
        [sys.executable, "-m", "clearcut", "doctor"], env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "rehearsal: a made-up shot that no cut has was stopped" in done.stdout


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
