"""Bundles: the cut inside is read, and an archive that is meant to do harm is refused without being unpacked."""

import json
import zipfile

import pytest

from clearcut.edit import EditFile
from clearcut.errors import EditError
from fakes.otio_json import clip, records, timeline, track

CUT = json.dumps(timeline(track(clip("a", 0, 10))))


def bundle(tmp_path, **files):
    path = tmp_path / "cut.otioz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def refused(path, match):
    with pytest.raises(EditError, match=match) as caught:
        EditFile(path).read()
    assert caught.value.code == "cut-unreadable"


def test_the_cut_of_an_otioz_is_read(tmp_path):
    cut = EditFile(
        bundle(tmp_path, **{"content.otio": CUT, "version.txt": "1.0.0", "media/a.mov": "x"})
    ).read()
    assert records(cut) == [("a", 0, 10)]
    assert len(cut.sha256) == 64


def test_the_cut_of_an_otiod_is_read(tmp_path):
    folder = tmp_path / "cut.otiod"
    folder.mkdir()
    (folder / "content.otio").write_text(CUT)
    assert records(EditFile(folder).read()) == [("a", 0, 10)]


@pytest.mark.parametrize("name", ["../evil.otio", "/etc/x", "media/../../x", "C:/x", "..\\x"])
def test_a_path_that_leads_out_of_the_bundle_is_refused(tmp_path, name):
    refused(bundle(tmp_path, **{"content.otio": CUT, name: "x"}), "leads out of it")
    assert [each.name for each in tmp_path.iterdir()] == ["cut.otioz"]


def test_a_bomb_is_refused(tmp_path):
    refused(bundle(tmp_path, **{"content.otio": b" " * 60_000_000 + CUT.encode()}), "would grow to")


def test_a_bomb_whose_header_lies_is_refused(tmp_path):
    """The twin of trusting the header: it says 100 bytes, sixty million come out."""
    path = bundle(tmp_path, **{"content.otio": b" " * 60_000_000})
    raw = path.read_bytes()
    true = (60_000_000).to_bytes(4, "little")
    assert raw.count(true) == 2
    path.write_bytes(raw.replace(true, (100).to_bytes(4, "little")))
    refused(path, "grows beyond|not a bundle that can be read|empty")


@pytest.mark.parametrize("files", [{}, {"other.otio": CUT}])
def test_a_bundle_without_a_cut_is_refused(tmp_path, files):
    refused(bundle(tmp_path, **files), "0 files named content.otio")


def test_a_bundle_with_two_cuts_is_refused(tmp_path):
    path = bundle(tmp_path, **{"content.otio": CUT})
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("content.otio", CUT)
    refused(path, "2 files named")


def test_what_is_no_archive_is_refused(tmp_path):
    path = tmp_path / "cut.otioz"
    for content in (b"", b"PK", CUT.encode(), bundle(tmp_path, **{"content.otio": CUT}).read_bytes()[:-30]):
        path.write_bytes(content)
        refused(path, "not a bundle that can be read")


def test_a_bundle_whose_cut_is_damaged_is_refused(tmp_path):
    path = bundle(tmp_path, **{"content.otio": CUT * 50})
    raw = bytearray(path.read_bytes())
    raw[60:64] = b"\xff\xff\xff\xff"
    path.write_bytes(raw)
    refused(path, "not a bundle that can be read")
