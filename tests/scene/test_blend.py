"""The pre-screen of .blend files: every layout Blender has had, on files written here byte by byte."""

import contextlib
import sys
import time
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from clearcut.errors import SceneError
from clearcut.scene import read_scene
from clearcut.scene.blend.reader import PRE_SCREEN
from fakes.blends import Blend, gzipped

LAYOUTS = {
    "3.x and 4.x": {},
    "5.0": {"large": True},
    "big-endian": {"order": ">"},
    "32-bit": {"pointer": 4},
    "32-bit big-endian": {"pointer": 4, "order": ">"},
}


def shot(**layout):
    blend = Blend(**layout)
    blend.scene("Scene", "//out/sh010_####", 1001, 1100)
    blend.strip("/audio/", "p3_voice.wav")
    blend.datablock("OB", "Object", "hero")
    blend.claim("rpl-p1-body, rpl-p2")
    blend.datablock("IM", "Image", "skin", name="//tex/p1_skin.png")
    blend.library("//char/p1.blend", "GRP1_double", "OBp1_body")
    return blend


def read(tmp_path, content, name="shot.blend"):
    path = tmp_path / name
    path.write_bytes(content)
    return read_scene(path)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("packed", ["plain", "gzip", "zstd"])
def test_paths_linked_datablocks_and_claims_are_found_in_every_layout(tmp_path, layout, packed):
    content = shot(**LAYOUTS[layout]).content()
    if packed == "gzip":
        content = gzipped(content)
    if packed == "zstd":
        content = zstandard.compress(content[:5000]) + zstandard.compress(content[5000:])
    scene = read(tmp_path, content)
    (target,) = scene.targets
    assert (target.name, target.output, target.frames) == (
        "Scene",
        str(tmp_path / "out" / "sh010_####"),
        (1001, 1101),
    )
    library = str(tmp_path / "char" / "p1.blend")
    assert [(r.node, r.kind, r.knob, r.value) for r in target.references] == [
        ("Scene", "Scene", "dir", "/audio/"),
        ("Scene", "Scene", "filepath", "/audio/p3_voice.wav"),
        ("hero", "Object", "clearcut_replica", "rpl-p1-body rpl-p2"),
        ("skin", "Image", "name", str(tmp_path / "tex" / "p1_skin.png")),
        ("p1.blend", "Library", "filepath", library),
        ("P1_double", "Collection", "library", library),
        ("p1_body", "Object", "library", library),
    ]
    assert target.references[2].replicas == ("rpl-p1-body", "rpl-p2")
    assert all(r.state.value == "unknown" and r.why for r in target.references)


def test_a_pre_screen_is_never_the_whole_truth(tmp_path):
    blend = Blend()
    blend.scene("Scene")
    scene = read(tmp_path, blend.content())
    assert scene.targets[0].references == ()
    assert scene.problems == (PRE_SCREEN,)


def test_a_library_that_is_not_there_is_named(tmp_path):
    scene = read(tmp_path, shot().content())
    assert any("p1.blend" in problem for problem in scene.problems)
    (tmp_path / "char").mkdir()
    (tmp_path / "char" / "p1.blend").write_bytes(b"-")
    assert read(tmp_path, shot().content()).problems == (PRE_SCREEN,)


def test_a_numbered_backup_is_a_blend_too(tmp_path):
    assert read(tmp_path, shot().content(), "shot.blend1").kind == "blend"


def test_each_scene_is_a_target(tmp_path):
    blend = shot()
    blend.scene("Second", "/elsewhere/", 5, 1)
    scene = read(tmp_path, blend.content())
    assert [(t.name, t.output, t.frames) for t in scene.targets][1] == ("Second", "/elsewhere/", None)


def test_zstandard_without_a_reader_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "zstandard", None)
    monkeypatch.setitem(sys.modules, "compression", None)
    with pytest.raises(SceneError) as caught:
        read(tmp_path, b"\x28\xb5\x2f\xfd" + b"\0" * 20)
    assert "clearcut[blend]" in caught.value.remedy


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"BLENDER",
        b"BLENDER-v405",
        b"BLENDER-x405" + b"\0" * 100,
        b"BLENDER17-09v0600" + b"\0" * 100,
        b"\x1f\x8b\x08\x00garbage",
        b"PK\x03\x04 something else",
        shot().content()[:-30],
        shot().content()[: len(shot().content()) // 2],
        gzipped(shot().content())[:-40],
    ],
)
def test_torn_and_foreign_files_are_unreadable(tmp_path, content):
    with pytest.raises(SceneError) as caught:
        read(tmp_path, content)
    assert caught.value.code == "scene-unreadable"


WHOLE = shot().content()


def test_a_block_that_claims_a_billion_structures_does_not_hold_us_up(tmp_path):
    blend = Blend()
    blend.datablock("IM", "Image", "skin", name="//p1.png")
    blend.scene("Scene")
    # The count is the last number of the first block's head.
    content = bytearray(blend.content())
    content[12 + 20 : 12 + 24] = (2**30).to_bytes(4, "little")
    begun = time.perf_counter()
    scene = read(tmp_path, bytes(content))
    assert time.perf_counter() - begun < 30
    assert scene.targets[0].references[0].value.endswith("p1.png")


@settings(max_examples=150, deadline=None)
@given(st.integers(12, len(WHOLE) - 1), st.binary(min_size=1, max_size=8))
def test_a_damaged_file_is_read_or_refused(tmp_path_factory, place, damage):
    content = WHOLE[:place] + damage + WHOLE[place + len(damage) :]
    with contextlib.suppress(SceneError):
        read(tmp_path_factory.getbasetemp(), content, "damaged.blend")


@pytest.mark.parametrize("version", ["34", "45", "50"])
def test_files_that_blender_itself_wrote_are_read(version):
    """Made by `blends/make_blends.py`."""
    scene = read_scene(Path(__file__).with_name("blends") / f"real_{version}.blend")
    (target,) = scene.targets
    assert (target.name, target.frames) == ("Scene", (1001, 1101))
    assert [(r.node, r.kind, r.value, r.replicas) for r in target.references] == [
        ("hero", "Object", "rpl-p2-face", ("rpl-p2-face",)),
        ("skin", "Image", "/jobs/tex/p1_skin.png", ()),
        ("p1_double.blend", "Library", "/jobs/char/p1_double.blend", ()),
        ("p1_body", "Object", "/jobs/char/p1_double.blend", ()),
    ]
    assert "the library p1_double.blend is not there: /jobs/char/p1_double.blend" in scene.problems
