"""`clearcut check` as people type it: real process, real files, real exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fakes.command_line import Ran, clearcut

HELIOS = Path(__file__).parents[2] / "src" / "clearcut" / "shipped" / "helios"
CUT, LONGER, REGISTRY = HELIOS / "helios_v041.otio", HELIOS / "helios_v042.otio", HELIOS / "registry.json"
# The shipped registry's dates are true on this day.
NOW = ("--now", "2026-11-20T12:00:00Z")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


def check(home: Path, *arguments: object) -> Ran:
    return clearcut("check", *arguments, home=home)


def test_the_shipped_cut_is_blocked_with_the_code_and_the_remedy(home: Path) -> None:
    ran = check(home, CUT, "--registry", REGISTRY, *NOW)
    assert ran.code == 1
    assert "HEL_010_0040" in ran.out
    assert "licence-expired" in ran.out
    assert "blocked" in ran.last_line
    assert "renew" in ran.last_line
    assert "Traceback" not in ran.err


def test_a_cleared_shot_exits_0_although_another_is_blocked(home: Path) -> None:
    ran = check(home, CUT, "--registry", REGISTRY, *NOW, "--shot", "HEL_010_0020")
    assert (ran.code, ran.err) == (0, "")
    # The headline of the cut is red; what was asked for stands above it.
    assert ran.out.startswith("ASKED FOR HEL_010_0020: Cleared (a what-if, which clears nothing)\n")
    assert "BLOCKED: 1 of 12 shots" in ran.out


def test_a_longer_trim_of_one_shot_blocks_a_later_one_by_its_cap(home: Path) -> None:
    before = check(home, CUT, "--registry", REGISTRY, *NOW, "--shot", "HEL_020_0050")
    after = check(home, LONGER, "--registry", REGISTRY, *NOW, "--shot", "HEL_020_0050", "--format", "json")
    assert (before.code, after.code) == (0, 1)
    report = json.loads(after.out)
    shot = next(s for s in report["shots"] if s["name"] == "HEL_020_0050")
    assert {r["code"] for use in shot["uses"] for r in use["reasons"]} == {"screen-time-exceeded"}
    total = next(t for t in report["totals"] if t["licence"] == "L-3")
    assert (total["frames"], total["cap_seconds"]) == (502, "20")


def test_json_goes_to_stdout_alone_and_files_are_written_beside(home: Path, tmp_path: Path) -> None:
    page, again = tmp_path / "out" / "report.html", tmp_path / "again.json"
    ran = check(
        home,
        CUT,
        "--registry",
        REGISTRY,
        *NOW,
        "--format",
        "json",
        "--output",
        page,
        "--output",
        f"json={again}",
    )
    assert json.loads(ran.out)["schema"] == "clearcut.report/1"
    assert again.read_text(encoding="utf-8") == ran.out
    assert page.read_text(encoding="utf-8").startswith("<!")


def test_the_same_input_gives_the_same_bytes(home: Path) -> None:
    runs = {check(home, CUT, "--registry", REGISTRY, *NOW, "--format", "json").out for _ in range(2)}
    assert len(runs) == 1


def test_a_shot_that_the_cut_lacks_is_exit_3(home: Path) -> None:
    ran = check(home, CUT, "--registry", REGISTRY, *NOW, "--shot", "HEL_999")
    assert ran.code == 3
    assert "HEL_999" in ran.last_line


def test_blocked_and_unknown_together_exit_1(home: Path) -> None:
    ran = check(home, CUT, "--registry", REGISTRY, *NOW, "--shot", "HEL_999", "--shot", "HEL_010_0040")
    assert ran.code == 1


def test_a_missing_edit_is_cut_missing(home: Path) -> None:
    ran = check(home, "nowhere.otio", "--registry", REGISTRY)
    assert ran.code == 3
    assert "cut-missing" in ran.out
    assert "nowhere.otio" in ran.out


@pytest.mark.parametrize(
    "text",
    ["", "{", '{"OTIO_SCHEMA": "Timeline.1"}', "\x00\x01\x02", "NaN", "[" * 100_000, '{"a": 1, "a": 2}'],
    ids=["empty", "truncated", "no tracks", "binary", "NaN", "deep", "duplicate keys"],
)
def test_an_edit_that_cannot_be_read_is_exit_3_and_never_a_traceback(
    home: Path, tmp_path: Path, text: str
) -> None:
    edit = tmp_path / "bad.otio"
    edit.write_text(text, encoding="utf-8")
    ran = check(home, edit, "--registry", REGISTRY)
    assert ran.code == 3
    assert "cut-unreadable" in ran.out
    assert "bad.otio" in ran.out
    assert "Traceback" not in ran.err


def test_a_registry_with_faults_is_exit_2_and_names_each_by_its_path(home: Path, tmp_path: Path) -> None:
    document = json.loads(REGISTRY.read_text(encoding="utf-8"))
    document["licences"][0]["max_screen_time_s"] = -1
    document["licences"][1]["scope"]["uses"] = ["stuntt"]
    bad = tmp_path / "registry.json"
    bad.write_text(json.dumps(document), encoding="utf-8")
    ran = check(home, CUT, "--registry", bad)
    assert ran.code == 2
    assert "licences[0].max_screen_time_s" in ran.err
    assert "licences[1].scope.uses[0]" in ran.err
    assert "'stunt'" in ran.err
    assert ran.out == ""


def test_a_registry_that_is_not_there_is_an_error_that_names_it(home: Path) -> None:
    ran = check(home, CUT, "--registry", "nowhere.json")
    assert ran.code in (2, 3)
    assert "nowhere.json" in ran.err + ran.out
    assert "Traceback" not in ran.err


def test_with_no_backend_at_all_nothing_is_cleared(home: Path) -> None:
    ran = check(home, CUT)
    assert ran.code == 3
    assert "backend-unavailable" in ran.out


def test_a_server_that_does_not_answer_is_exit_3(home: Path) -> None:
    ran = check(home, CUT, "--server", "http://127.0.0.1:9")
    assert ran.code == 3
    assert "backend-un" in ran.out


@pytest.mark.parametrize(
    "words",
    [
        ["--registry", "a.json", "--server", "http://127.0.0.1:9"],
        ["--scene", "a.nk"],
        ["--shot", "A", "--scene", "a.nk", "--scene", "b.nk"],
        ["--now", "2026-11-20"],
        ["--now", "yesterday"],
        ["--rate", "0"],
        ["--rate", "nan"],
        ["--output", "report.xyz"],
        ["--format", "yaml"],
        ["--bundle", "folder"],
        ["--no-such-option"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_exit_2_with_a_last_line_that_says_so(home: Path, words: list[str]) -> None:
    ran = check(home, CUT, *words)
    assert ran.code == 2
    assert ran.last_line.startswith("clearcut: ")
    assert "Traceback" not in ran.err
