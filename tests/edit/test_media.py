"""What a media file holds, by its sha256: found under any name, and never guessed."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from clearcut.edit.media import MediaFiles
from clearcut.errors import EditError
from fakes.command_line import clearcut

HELIOS = Path(__file__).parents[2] / "src" / "clearcut" / "shipped" / "helios"
FACE = b"a trained face"
DIGEST = hashlib.sha256(FACE).hexdigest()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sub dir").mkdir()
    (tmp_path / "sub dir" / "face.mov").write_bytes(FACE)
    return tmp_path


@pytest.mark.parametrize(
    "written",
    [
        "sub dir/face.mov",
        "./sub dir/face.mov",
        "{folder}/sub dir/face.mov",
        "file://{folder}/sub%20dir/face.mov",
    ],
)
def test_a_file_that_is_here_is_hashed_however_it_is_written(folder: Path, written: str) -> None:
    name = written.format(folder=folder)
    assert MediaFiles(folder).hashes([name]) == {name: DIGEST}


@pytest.mark.parametrize(
    "written", ["", "gone.mov", "sub dir", "a.%04d.exr", "a.####.exr", "http://h/face.mov", "a\0b"]
)
def test_what_is_no_whole_file_here_is_left_out(folder: Path, written: str) -> None:
    assert MediaFiles(folder).hashes([written]) == {}


def test_a_file_that_is_here_and_cannot_be_read_is_told(tmp_path: Path) -> None:
    # A file that nobody may read, root included: the memory of a process without the right to look at it.
    if not Path("/proc/self/mem").exists():
        pytest.skip("no /proc on this machine: no file that even root cannot read")
    with pytest.raises(EditError, match="cannot be read"):
        MediaFiles(tmp_path).hashes(["/proc/self/mem"])


def test_a_file_that_cannot_even_be_looked_at_is_told_and_one_that_is_not_here_is_not(tmp_path: Path) -> None:
    # A link in a circle stands for all that keeps us from looking: rights of a folder, a stale mount.
    (tmp_path / "circle.mov").symlink_to(tmp_path / "circle.mov")
    with pytest.raises(EditError, match=r"circle\.mov cannot be read"):
        MediaFiles(tmp_path).hashes(["circle.mov"])
    (tmp_path / "dangling.mov").symlink_to(tmp_path / "gone.mov")
    assert MediaFiles(tmp_path).hashes(["dangling.mov", "dangling.mov/below.mov", "n" * 5000]) == {}


def test_a_registered_file_under_another_name_is_found_in_a_cut(tmp_path: Path) -> None:
    """The plate of HEL_010_0010 is really P2's face, copied to a harmless name."""
    (tmp_path / "harmless.mov").write_bytes(FACE)
    cut = json.loads((HELIOS / "helios_v041.otio").read_text(encoding="utf-8"))
    clip = cut["tracks"]["children"][0]["children"][0]
    clip["media_references"]["DEFAULT_MEDIA"]["target_url"] = "harmless.mov"
    (tmp_path / "cut.otio").write_text(json.dumps(cut), encoding="utf-8")
    registry = json.loads((HELIOS / "registry.json").read_text(encoding="utf-8"))
    words = (
        "check",
        tmp_path / "cut.otio",
        "--registry",
        tmp_path / "registry.json",
        "--now",
        "2026-11-20T12:00:00Z",
    )
    shot = ("--shot", "HEL_010_0010")

    (tmp_path / "registry.json").write_text(json.dumps(registry), encoding="utf-8")
    assert clearcut(*words, *shot, home=tmp_path).code == 0  # without the hash nobody can know

    registry["assets"].append({"replica": "rpl-p2-face", "kind": "asset", "match": {"sha256": DIGEST}})
    (tmp_path / "registry.json").write_text(json.dumps(registry), encoding="utf-8")
    ran = clearcut(*words, *shot, home=tmp_path)
    assert ran.code == 1
    assert "rpl-p2-face" in ran.out
