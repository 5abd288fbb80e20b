"""`clearcut demo`: the real server, a real cut, a real publish, in an empty home."""

from __future__ import annotations

import json
from pathlib import Path

from fakes.command_line import clearcut


def test_the_demo_does_the_whole_job_and_says_so(tmp_path: Path) -> None:
    home, folder = tmp_path / "home", tmp_path / "demo"
    home.mkdir()
    ran = clearcut("demo", "--folder", folder, home=home)
    assert ran.code == 0, ran.err
    assert "http://127.0.0.1:" in ran.out
    assert "HEL_010_0020: published" in ran.out
    assert "HEL_010_0040: stopped" in ran.out
    assert str(folder / "report_v041.html") in ran.out
    # The publish was real: one shot's files are there, the other's are not.
    assert (folder / "HEL_010_0020.published").exists()
    assert not (folder / "HEL_010_0040.published").exists()
    report = json.loads((folder / "report_v042.json").read_text(encoding="utf-8"))
    assert report["outcome"] == "blocked"
    assert report["source"]["kind"] == "server"
    # It left nothing behind in the home of whoever tried it.
    assert not [p for p in home.rglob("*") if p.is_file()]


def test_settings_of_the_machine_do_not_reach_the_demo(tmp_path: Path) -> None:
    environ = {
        "CLEARCUT_SERVER": "http://127.0.0.1:9",
        "CLEARCUT_REGISTRY": "nowhere.json",
        "CLEARCUT_TOKEN": "wrong",
    }
    ran = clearcut("demo", "--folder", tmp_path / "demo", home=tmp_path, environ=environ)
    assert ran.code == 0, ran.err
