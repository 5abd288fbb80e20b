"""USD is read in a process of its own: whatever happens there, here arrives a scene or a reason."""

import os

import pytest

from clearcut.errors import SceneError
from clearcut.scene import read_scene, usd
from clearcut.scene.usd_stage import read_stage

STAGE = """#usda 1.0
( startTimeCode = 1001
  endTimeCode = 1010 )
def Xform "A" ( references = @./p1.usda@
  customData = { string "clearcut:replica" = "rpl-p1" } ) {}
def Xform "B" ( active = false
  references = @./p2.usda@ ) {}
def Xform "C" ( references = @./gone.usda@ ) {}
"""


@pytest.fixture
def stage(tmp_path):
    for name in ("p1", "p2"):
        (tmp_path / f"{name}.usda").write_text('#usda 1.0\n( defaultPrim = "P" )\ndef Xform "P" {}\n')
    path = tmp_path / "shot.usda"
    path.write_text(STAGE)
    return path


def test_what_comes_out_of_the_child_is_what_was_found_in_it(stage):
    scene = read_scene(stage)
    assert scene == read_stage(stage, scene.sha256)
    assert scene.targets[0].references
    assert scene.unused
    assert scene.problems
    assert scene.targets[0].frames == (1001, 1011)


def test_what_is_no_stage_says_so_with_usd_s_own_words(tmp_path):
    path = tmp_path / "bad.usda"
    path.write_text("#usda 1.0\ndef Xform")
    with pytest.raises(SceneError, match="not a USD stage"):
        read_scene(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_stage_that_hangs_usd_is_given_up(stage):
    os.mkfifo(stage.parent / "pipe.usda")
    stage.write_text("#usda 1.0\n( subLayers = [@./pipe.usda@] )\n")
    with pytest.raises(SceneError, match="did not finish within 1 s"):
        usd.read_usd(stage, "", max_seconds=1)


@pytest.mark.parametrize(
    ("body", "match"),
    [
        ("os.abort()", "ended USD itself"),
        ("sys.exit(0)", "gave no answer"),
        ("open('scene.json', 'w').write('{\"targets\": []}')", "gave no answer"),
        ("open('scene.json', 'w').write('[')", "gave no answer"),
    ],
)
def test_a_child_that_dies_or_talks_nonsense_is_a_reason(stage, monkeypatch, tmp_path, body, match):
    script = tmp_path / "child.py"
    script.write_text(f"import os, sys\nsys.stdin.read()\n{body}\n")
    monkeypatch.setattr(usd, "_CHILD", script)
    with pytest.raises(SceneError, match=match) as caught:
        read_scene(stage)
    assert caught.value.code == "scene-unreadable"


def test_without_usd_core_it_says_what_to_install(stage, monkeypatch):
    monkeypatch.setattr(usd.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(SceneError) as caught:
        read_scene(stage)
    assert "clearcut[usd]" in caught.value.remedy
