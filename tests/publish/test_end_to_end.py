"""The gate with everything real behind it: the shipped show, its registry, files of edits and comps."""

import json
from pathlib import Path

import opentimelineio as otio
import pyblish.api
import pyblish.util
import pytest

from clearcut.core.verdict import Outcome
from fakes.pyblish_stage import PLUGINS, Stage, errors_of

HELIOS = Path(__file__).resolve().parents[2] / "src" / "clearcut" / "shipped" / "helios"
FREE, CLEARED, BLOCKED = "HEL_010_0010", "HEL_010_0020", "HEL_010_0040"
EDIT = HELIOS / "helios_v041.otio"
COMP = "Root {{ inputs 0 }}\nRead {{ inputs 0 name Read1 file {file} }}\nWrite {{ name Write1 file /out/a.%04d.exr }}\n"


@pytest.fixture(autouse=True)
def show(monkeypatch, tmp_path):
    for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(variable, str(tmp_path / "home"))
    monkeypatch.setenv("CLEARCUT_REGISTRY", str(HELIOS / "registry.json"))
    pyblish.api.register_plugin_path(str(PLUGINS))


def publish(*shots, context=None, **data):
    stage = Stage(shots, data)
    stage.register()
    made = pyblish.api.Context()
    made.data.update({"clearcutEdit": str(EDIT)} if context is None else context)
    pyblish.util.publish(made)
    said = errors_of(made)
    codes = [
        code
        for result in made.data["results"]
        if result["plugin"].__name__ in ("AskClearcut", "ValidateClearcut") and result["error"] is not None
        for code in result["error"].stop.codes
    ]
    return stage.integrated, codes, said, made


@pytest.mark.parametrize(
    ("shot", "out"), [(FREE, True), (CLEARED, True), (BLOCKED, False), ("HEL_999", False)]
)
def test_each_shot_of_the_show_is_let_go_or_stopped(shot, out):
    integrated, codes, said, context = publish(shot)
    assert integrated == ([shot] if out else []), said
    assert bool(codes) is not out
    assert context.data["clearcut"].edit.name == "helios_v041"


def test_the_verdict_that_lies_in_the_context_is_the_whole_cuts():
    record = publish(CLEARED)[3].data["clearcut"]
    assert record.outcome is Outcome.BLOCKED
    assert record.shot(BLOCKED).outcome is Outcome.BLOCKED


def test_a_live_timeline_is_judged_in_place_of_any_file():
    timeline = otio.adapters.read_from_file(str(EDIT))
    for shot, out in ((CLEARED, True), (BLOCKED, False)):
        pyblish.api.deregister_all_plugins()
        integrated, _, said, _ = publish(
            shot, context={"otioTimeline": timeline, "clearcutEdit": "/nowhere.otio"}
        )
        assert integrated == ([shot] if out else []), said


@pytest.mark.parametrize(
    ("file", "code"),
    [("/jobs/env/sky.%04d.exr", None), ("/jobs/models/p2_face_v1.cat", "licence-expired")],
)
def test_the_scene_that_an_instance_names_is_looked_at_beside_the_cut(tmp_path, file, code):
    scene = tmp_path / "comp.nk"
    scene.write_text(COMP.format(file=file))
    integrated, codes, said, _ = publish(FREE, clearcutScene=str(scene))
    assert (integrated == [FREE]) is (code is None), said
    assert code is None or code in codes


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (None, "scene-unreadable"),
        ("", "scene-unreadable"),
        ("Write {", "scene-unreadable"),
        ("Root { inputs 0 }\n", "scene"),
    ],
)
def test_a_scene_that_cannot_be_read_stops_a_shot_that_the_cut_clears(tmp_path, content, code):
    scene = tmp_path / "comp.nk"
    if content is not None:
        scene.write_text(content)
    integrated, codes, said, _ = publish(CLEARED, clearcutScene=str(scene))
    assert integrated == [], said
    assert any(found.startswith(code) for found in codes), codes


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (None, "cut-missing"),
        (b"", "cut-unreadable"),
        (b"\x00\xff\x00", "cut-unreadable"),
        (EDIT.read_bytes()[:5000], "cut-unreadable"),
        (b"[" * 100_000, "cut-unreadable"),
        (b'{"OTIO_SCHEMA": "Timeline.1", "tracks": null}', "cut-unreadable"),
    ],
    ids=["missing", "empty", "binary", "truncated", "deep", "null tracks"],
)
def test_an_edit_that_cannot_be_read_stops_every_shot(tmp_path, content, code):
    edit = tmp_path / "cut.otio"
    if content is not None:
        edit.write_bytes(content)
    integrated, codes, said, _ = publish(FREE, CLEARED, context={"clearcutEdit": str(edit)})
    assert (integrated, set(codes)) == ([], {code}), said


def test_without_any_edit_named_every_shot_is_stopped():
    integrated, codes, _, _ = publish(FREE, context={})
    assert (integrated, codes) == ([], ["cut-missing"])


@pytest.mark.parametrize("content", ["", "{}", '{"schema": "clearcut.registry/1", "schema": 1}', "\x00"])
def test_a_registry_with_faults_stops_every_shot(monkeypatch, tmp_path, content):
    registry = tmp_path / "registry.json"
    registry.write_text(content)
    monkeypatch.setenv("CLEARCUT_REGISTRY", str(registry))
    integrated, codes, said, _ = publish(FREE)
    assert integrated == []
    assert codes, said


def test_a_registry_that_is_emptied_of_licences_stops_what_it_cleared(monkeypatch, tmp_path):
    """The twin of the cleared shot: it is the licence that lets it go."""
    registry = json.loads((HELIOS / "registry.json").read_text())
    registry["licences"] = []
    (tmp_path / "registry.json").write_text(json.dumps(registry))
    monkeypatch.setenv("CLEARCUT_REGISTRY", str(tmp_path / "registry.json"))
    integrated, codes, said, _ = publish(CLEARED)
    assert (integrated, codes) == ([], ["no-licence"]), said


def test_a_rule_file_with_faults_stops_every_shot_and_is_named(monkeypatch, tmp_path):
    rules = tmp_path / "clearcut.toml"
    rules.write_text("nonsense = [")
    monkeypatch.setenv("CLEARCUT_RULES", str(rules))
    integrated, _, said, _ = publish(FREE)
    assert integrated == []
    assert "clearcut.toml" in said["AskClearcut"]


def test_with_nobody_to_ask_every_shot_with_a_replica_is_stopped(monkeypatch):
    monkeypatch.delenv("CLEARCUT_REGISTRY")
    integrated, codes, said, _ = publish(FREE, CLEARED)
    assert integrated == []
    assert set(codes) == {"backend-unavailable"}, said
