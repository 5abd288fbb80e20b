"""The self-test that a studio runs in its own Nuke, and the live host, on the strict stand-in built from .nk files."""

import importlib.util
import json
import sys
from pathlib import Path

import pytest

from clearcut.core.scene import Scene
from fakes.comps import HEAD, group, node, read, write
from fakes.nuke_stage import FakeNuke

ROOT = Path(__file__).resolve().parents[2]
HOST = ROOT / "hosts" / "nuke"

_spec = importlib.util.spec_from_file_location("host_contract", ROOT / "tests" / "scene" / "host_contract.py")
_contract = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_contract)

ROOT_NODE = node("Root", None, inputs="0", first_frame="1001", last_frame="1100")
COMP = (
    HEAD
    + ROOT_NODE
    + read("Read1")
    + read("Read2", disable="{{$gui}}")
    + node("Merge2", "Merge1", inputs="2")
)
COMP += write() + read("Read3")
GROUPED = (
    HEAD
    + read("Outer")
    + group("Group1", node("Input", "Input1", inputs="0"), node("Grade", "Grade1"), node("Output", "Output1"))
    + write()
)
SWITCHED = HEAD + read("A") + read("B") + node("Switch", "Switch1", inputs="2", which="1") + write()
DISABLED = HEAD + read("A") + read("B") + node("Merge2", "M", inputs="2", disable="true") + write()


def load(name, monkeypatch):
    monkeypatch.syspath_prepend(str(HOST))
    for module in ("clearcut_nuke", "clearcut_graph", "clearcut_host", "clearcut_selftest"):
        monkeypatch.delitem(sys.modules, module, raising=False)
    return importlib.import_module(name)


@pytest.fixture
def stage(monkeypatch):
    fake = FakeNuke(COMP, "/jobs/HEL_010_0010.nk")
    monkeypatch.setitem(sys.modules, "nuke", fake)
    return fake


@pytest.fixture
def selftest(stage, monkeypatch):
    return load("clearcut_selftest", monkeypatch)


def run(selftest, tmp_path, *texts):
    scripts = []
    for number, text in enumerate(texts):
        scripts.append(tmp_path / f"s{number}.nk")
        scripts[-1].write_text(text)
    code = selftest.main([str(tmp_path / "out.json"), *map(str, scripts)])
    return code, json.loads((tmp_path / "out.json").read_text())


class TestLiveNuke(_contract.HostContract):
    @pytest.fixture
    def host(self, stage, monkeypatch):
        return load("clearcut_host", monkeypatch).LiveNuke()


@pytest.mark.parametrize("comp", [COMP, GROUPED, SWITCHED, DISABLED], ids=["plain", "group", "switch", "off"])
def test_reader_and_nuke_agree(selftest, tmp_path, comp):
    code, found = run(selftest, tmp_path, comp)
    assert (code, found["scripts"][0]["agrees"], found["scripts"][0]["error"]) == (0, True, "")
    assert found["schema"] == "clearcut.nuke-selftest/1"
    assert found["scripts"][0]["targets"][0]["nodes_live"] > 1


@pytest.mark.parametrize("comp", [COMP, GROUPED, SWITCHED], ids=["plain", "group", "switch"])
def test_twin_a_reader_that_misses_what_nuke_draws_on_is_told(selftest, tmp_path, monkeypatch, comp):
    from clearcut.scene import reading

    def blind(path, **_):
        scene = reading.read_scene(path)
        targets = tuple(type(t)(t.name, t.output, (), t.frames) for t in scene.targets)
        return Scene(scene.path, scene.kind, scene.sha256, targets)

    monkeypatch.setattr("clearcut.scene.read_scene", blind)
    code, found = run(selftest, tmp_path, comp)
    assert code == 1
    assert found["scripts"][0]["targets"][0]["missed"]


def test_twin_a_reader_that_calls_used_what_is_nowhere_above_is_told(selftest, tmp_path, monkeypatch):
    from clearcut.scene import reading

    def greedy(path, **_):
        scene = reading.read_scene(path)
        (target,) = scene.targets
        all_of_it = (*target.references, *scene.unused)
        return Scene(
            scene.path, "nk", "", (type(target)(target.name, target.output, all_of_it, target.frames),)
        )

    monkeypatch.setattr("clearcut.scene.read_scene", greedy)
    code, found = run(selftest, tmp_path, COMP)
    assert (code, found["scripts"][0]["targets"][0]["extra"]) == (1, ["Read3 (Read)"])


def test_a_script_that_nuke_cannot_open_is_told_and_the_others_are_compared(selftest, tmp_path):
    code, found = run(selftest, tmp_path, "# stage: cannot open\n" + COMP, COMP)
    assert code == 3
    assert [bool(s["error"]) for s in found["scripts"]] == [True, False]
    assert found["scripts"][1]["agrees"]


def test_a_nuke_that_may_not_save_is_told_because_the_gate_must(selftest, stage, tmp_path, monkeypatch):
    def refuse(filename):
        raise RuntimeError("this licence does not save scripts")

    monkeypatch.setattr(stage, "scriptSaveToTemp", refuse)
    code, found = run(selftest, tmp_path, COMP)
    assert (code, found["scripts"][0]["gate"]) == (1, "scene-unreadable")


def test_a_saved_script_that_says_less_than_the_file_is_told(selftest, stage, tmp_path, monkeypatch):
    save = stage.scriptSaveToTemp

    def lossy(filename):
        save(filename)
        saved = Path(filename)
        saved.write_text(saved.read_text().replace("Read1", "Other1"))

    monkeypatch.setattr(stage, "scriptSaveToTemp", lossy)
    code, found = run(selftest, tmp_path, COMP)
    assert code == 1
    assert "something else than the file" in found["scripts"][0]["gate"]


def test_what_is_sent_back_holds_no_paths(selftest, tmp_path):
    run(selftest, tmp_path, COMP)
    said = (tmp_path / "out.json").read_text()
    assert "/in/" not in said
    assert str(tmp_path) not in said


def test_wrong_usage_says_how(selftest, capsys):
    assert selftest.main(["only.nk"]) == 2
    assert "RESULT.json" in capsys.readouterr().err


def test_the_whole_script_s_length_costs_no_depth(selftest, tmp_path):
    chain = HEAD + read("Read1") + "".join(node("Grade", f"G{i}") for i in range(5000)) + write()
    code, _ = run(selftest, tmp_path, chain)
    assert code == 0
