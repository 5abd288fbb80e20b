"""The shipped show is what its maker writes, and OpenTimelineIO reads it as we do."""

from __future__ import annotations

import importlib.util
from datetime import date, timedelta
from pathlib import Path

import opentimelineio
import pytest

from clearcut.cli.demo_show import SHIPPED_DAY, moved, unpack
from clearcut.core.registry_json import parse_registry
from clearcut.edit import EditFile

_spec = importlib.util.spec_from_file_location("make_show", Path(__file__).with_name("make_show.py"))
assert _spec is not None
assert _spec.loader is not None
make_show = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(make_show)


def test_the_committed_files_are_what_the_maker_writes() -> None:
    for name, text in make_show.files().items():
        assert (make_show.FOLDER / name).read_text(encoding="utf-8") == text


@pytest.mark.parametrize("version", ["v041", "v042"])
def test_opentimelineio_and_we_agree_on_the_cut(version: str) -> None:
    path = make_show.FOLDER / f"helios_{version}.otio"
    theirs = opentimelineio.adapters.read_from_file(str(path))
    ours = EditFile(path).read()
    assert ours.duration == theirs.duration().to_frames()
    assert len([c for c in ours.clips if not c.nested]) == len(theirs.find_clips())


@pytest.mark.parametrize("days", [0, 1, 400, 5000])
def test_the_registry_moved_to_any_day_has_no_fault(tmp_path: Path, days: int) -> None:
    show = unpack(tmp_path, SHIPPED_DAY + timedelta(days=days))
    registry = parse_registry(show.registry.read_text(encoding="utf-8"))
    until = registry.licences["L-2"].valid_until
    assert until is not None
    assert until.date() == date(2026, 10, 31) + timedelta(days=days)


def test_moving_touches_days_and_nothing_else() -> None:
    text = '{"at": "2026-11-20T12:00:00Z", "day": "2026-11-20", "id": "L-2026-11-20-a", "sha": "2026"}'
    assert moved(text, timedelta(days=1)) == text.replace("2026-11-20T", "2026-11-21T").replace(
        '"2026-11-20"', '"2026-11-21"'
    )
