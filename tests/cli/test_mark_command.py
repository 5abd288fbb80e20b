"""`clearcut mark`, typed as people type it."""

import json
from importlib import resources
from pathlib import Path

import opentimelineio as otio
import pytest
from click.testing import CliRunner

from clearcut.cli import check, mark
from clearcut.errors import UsageError

SHOW = resources.files("clearcut") / "shipped" / "helios"


@pytest.fixture
def judged(tmp_path):
    edit = tmp_path / "cut.otio"
    edit.write_bytes((SHOW / "helios_v042.otio").read_bytes())
    report = tmp_path / "report.json"
    arguments = [
        str(edit),
        "--registry",
        str(SHOW / "registry.json"),
        "--now",
        "2026-11-20T12:00:00Z",
        "--output",
        str(report),
    ]
    told = CliRunner().invoke(check.command, arguments, standalone_mode=False)
    assert told.exception is None, told.exception
    return edit, report


def _run(*arguments):
    return CliRunner().invoke(mark.command, [str(a) for a in arguments], standalone_mode=False)


def test_the_marked_edit_shows_what_was_refused_and_is_otherwise_the_same(judged, tmp_path):
    edit, report = judged
    marked = tmp_path / "marked.otio"
    assert _run(edit, report, "--output", marked).exception is None
    marks = otio.adapters.read_from_file(str(marked)).tracks.markers
    assert {m.metadata["clearcut_verdict"]["shot"] for m in marks if m.color == "RED"} == {
        "HEL_010_0040",
        "HEL_020_0050",
    }
    before, after = json.loads(edit.read_text()), json.loads(marked.read_text())
    after["tracks"]["markers"] = before["tracks"]["markers"]
    assert after == before


def test_an_edit_that_changed_since_is_not_marked_with_an_old_verdict(judged, tmp_path):
    edit, report = judged
    edit.write_text(edit.read_text() + " ", encoding="utf-8")
    told = _run(edit, report, "--output", tmp_path / "marked.otio")
    assert isinstance(told.exception, UsageError)
    assert "not the edit that the report is about" in str(told.exception)
    assert not (tmp_path / "marked.otio").exists()


def test_the_edit_itself_is_never_written_over(judged):
    edit, report = judged
    before = edit.read_bytes()
    assert isinstance(_run(edit, report, "--output", edit).exception, UsageError)
    assert edit.read_bytes() == before


@pytest.mark.parametrize("missing", [0, 1])
def test_a_file_that_is_not_there_is_wrong_usage(judged, tmp_path, missing):
    files = list(judged)
    files[missing] = Path(tmp_path / "none")
    assert isinstance(_run(*files, "--output", tmp_path / "m.otio").exception, UsageError)
