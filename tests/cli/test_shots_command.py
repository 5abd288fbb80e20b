"""`clearcut shots` on real files: the table a TD tunes the rule file by."""

import json

import pytest

from fakes import worlds
from fakes.command_line import clearcut
from fakes.otio_json import clip, external, timeline, track


@pytest.fixture
def edit(tmp_path):
    note = json.dumps({"folderPath": "/shots/sq01/sh010"})
    marker = {"OTIO_SCHEMA": "Marker.2", "name": "AYON", "metadata": {"json_metadata": note}}
    tree = timeline(
        track(
            clip("HEL_010_v003", 1001, 24, metadata={"clearcut": {"shot": "HEL_010", "replicas": [{"replica": "rpl-p1"}]}}),
            clip("HEL_020_v003", 1001, 24, media_references={"DEFAULT_MEDIA": external("/jobs/char/p1/a.exr")}),
            clip("", 0, 24, markers=[marker]),
            clip("HEL_030", 0, 24, metadata={"clearcut": {"replicas": "rpl-p1"}}),
        )
    )  # fmt: skip
    path = tmp_path / "cut.otio"
    path.write_text(json.dumps(tree))
    return path


def shots(tmp_path, edit, *more):
    return clearcut("shots", edit, *more, home=tmp_path)


def test_each_clip_is_a_line_with_its_shot_and_what_named_it(tmp_path, edit):
    ran = shots(tmp_path, edit)
    assert (ran.code, ran.err) == (0, "")
    lines = [line.split() for line in ran.out.splitlines()]
    assert ["0-24", "HEL_010", "HEL_010_v003", "clearcut"] in lines
    assert ["24-48", "HEL_020_v003", "HEL_020_v003", "clip_name"] in lines
    assert ["48-72", "-", "-", "nothing"] in lines


def test_what_an_extractor_would_say_is_shown_though_it_is_not_asked(tmp_path, edit):
    assert "not asked: marker_json would say sh010" in shots(tmp_path, edit).out
    rules = tmp_path / "clearcut.toml"
    rules.write_text('[shots]\nextractors = ["marker_json", "clip_name"]\n')
    ran = shots(tmp_path, edit)
    assert (ran.code, ran.err) == (0, "")
    assert "not asked: marker_json" not in ran.out
    assert "48-72" in ran.out
    assert "sh010" in ran.out


def test_faults_and_evidence_stand_below_their_clip(tmp_path, edit):
    registry = tmp_path / "registry.json"
    asset = {"replica": "rpl-p1", "kind": "asset", "match": {"path": "*/char/p1/*"}}
    registry.write_text(json.dumps(worlds.world(assets=[asset])))
    out = shots(tmp_path, edit, "--registry", registry).out.splitlines()
    below = {line.split()[1]: out[number + 1] for number, line in enumerate(out[:-1]) if line[:1].isdigit()}
    assert "rpl-p1 by metadata" in below["HEL_010"]
    assert "rpl-p1 by path: /jobs/char/p1/a.exr" in below["HEL_020_v003"]
    assert "fault: " in below["HEL_030"]
    assert "not a list" in below["HEL_030"]


def test_only_the_doubtful_can_be_asked_for(tmp_path, edit):
    out = shots(tmp_path, edit, "--doubtful").out
    assert "HEL_020" not in out
    assert "HEL_030" in out


def test_the_table_as_json(tmp_path, edit):
    found = json.loads(shots(tmp_path, edit, "--format", "json").out)
    assert found["schema"] == "clearcut.shots/1"
    first, second, third, fourth = found["clips"]
    assert (first["shot"], first["state"], first["record_range"]) == ("HEL_010", "settled", [0, 24])
    assert first["candidates"][0]["kind"] == "clearcut"
    assert first["replicas"][0]["replica"] == "rpl-p1"
    assert (second["state"], second["media"]) == ("named", ["/jobs/char/p1/a.exr"])
    assert (third["shot"], third["state"]) == (None, "unnamed")
    assert third["not_asked"][0]["name"] == "sh010"
    assert "not a list" in fourth["faults"][0]


def test_an_edit_that_cannot_be_read_ends_in_3(tmp_path):
    ran = shots(tmp_path, tmp_path / "nowhere.otio")
    assert ran.code == 3
    assert "Traceback" not in ran.err


def test_a_pattern_that_is_none_is_a_fault_of_the_rule_file(tmp_path, edit):
    (tmp_path / "clearcut.toml").write_text('[shots]\npatterns = ["("]\n')
    ran = shots(tmp_path, edit)
    assert ran.code == 2
    assert "Traceback" not in ran.err
