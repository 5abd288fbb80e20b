"""What lies around a check and fails it: consoles, pipes, disks, homes. Never a traceback, never a cleared shot."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from clearcut.cache_folder import WORTH_BYTES
from clearcut.errors import UsageError
from clearcut.settings.environment import Environment, user_config_folder

HELIOS = Path(__file__).parents[2] / "src" / "clearcut" / "shipped" / "helios"
CUT, REGISTRY = HELIOS / "helios_v041.otio", HELIOS / "registry.json"
CLEARED = ("check", CUT, "--registry", REGISTRY, "--now", "2026-11-20T12:00:00Z", "--shot", "HEL_010_0020")


def run(
    home: Path | None, *arguments: object, shell: str = "", **environ: str
) -> subprocess.CompletedProcess[str]:
    """`clearcut ARGUMENTS`, with `shell` behind it in a shell; `home` None: no HOME at all."""
    clean = {
        k: v
        for k, v in os.environ.items()
        if not k.startswith(("CLEARCUT_", "XDG_", "PYTHON", "LC_", "HOME"))
    }
    if home is not None:
        clean["HOME"] = str(home)
    command = [sys.executable, "-m", "clearcut", *map(str, arguments)]
    if shell:
        command = ["bash", "-c", f'"$@" {shell}', "bash", *command]
    return subprocess.run(
        command, capture_output=True, text=True, errors="replace", check=False, timeout=60,
        env={**clean, "NO_COLOR": "1", **environ}, stdin=subprocess.DEVNULL,
    )  # fmt: skip


@pytest.fixture
def odd_cut(tmp_path: Path) -> Path:
    """A cut whose blocked shot has a name that few consoles can show."""
    tree = json.loads(CUT.read_text())
    tree["tracks"]["children"][0]["children"][1]["metadata"] = {
        "clearcut": {"shot": "K\u00f6ln_\u2702", "replicas": [{"replica": "rpl-\u2702"}]}
    }
    path = tmp_path / "odd.otio"
    path.write_text(json.dumps(tree))
    return path


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-8"])
@pytest.mark.parametrize("form", ["text", "json"])
def test_no_console_is_too_small_for_a_verdict(tmp_path, odd_cut, encoding, form) -> None:
    done = run(
        tmp_path,
        "check",
        odd_cut,
        "--registry",
        REGISTRY,
        "--format",
        form,
        LC_ALL="C",
        PYTHONIOENCODING=encoding,
    )
    assert done.returncode == 1, done.stderr
    if form == "json":
        assert json.loads(done.stdout)["outcome"] == "blocked"


def test_a_closed_stdout_changes_no_verdict(tmp_path) -> None:
    assert run(tmp_path, *CLEARED, shell=">&-").returncode == 0
    assert run(tmp_path, "check", CUT, "--registry", REGISTRY, shell=">&-").returncode == 1


def test_a_full_disk_is_no_defect_and_no_success(tmp_path) -> None:
    done = run(tmp_path, *CLEARED, shell=">/dev/full")
    assert done.returncode == 3
    assert "No space left" in done.stderr
    assert "defect" not in done.stderr


def test_a_reader_that_leaves_is_no_defect(tmp_path) -> None:
    done = run(tmp_path, *CLEARED, "--format", "html", shell="| head -c 1; exit ${PIPESTATUS[0]}")
    assert done.returncode in (0, 141)
    assert "Traceback" not in done.stderr


def test_a_home_that_may_not_be_looked_at_is_said(tmp_path) -> None:
    """The studio's rules may lie there: not looking would be to ignore them."""
    (tmp_path / "home" / ".config").mkdir(parents=True)
    (tmp_path / "home" / ".config" / "clearcut").symlink_to("clearcut")  # a loop: nobody can look into it
    done = run(tmp_path / "home", *CLEARED)
    assert done.returncode == 2, done.stderr
    assert "clearcut.toml" in done.stderr
    assert "defect" not in done.stderr


def test_without_any_home_the_way_out_is_told(monkeypatch) -> None:
    """As in many containers: a user whom the machine does not know."""
    monkeypatch.setattr(Path, "home", lambda: (_ for _ in ()).throw(RuntimeError("no home")))
    with pytest.raises(UsageError, match="no home folder") as caught:
        user_config_folder({})
    assert "set HOME" in caught.value.remedy


def test_somebody_elses_home_that_is_not_there_is_said() -> None:
    with pytest.raises(UsageError, match="CLEARCUT_RULES"):
        Environment.read({"CLEARCUT_RULES": "~nobody-of-that-name/clearcut.toml"})


@pytest.mark.parametrize("rest", [("--shot", "HEL_010_0020"), ()])
def test_an_edit_that_nobody_may_read_could_not_be_decided(tmp_path, rest) -> None:
    """Click's own look at it would be wrong usage, exit 2."""
    loop = tmp_path / "loop.otio"
    loop.symlink_to(loop)
    done = run(tmp_path, "check", loop, "--registry", REGISTRY, *rest)
    assert done.returncode == 3
    assert "cut-unreadable" in done.stderr


@pytest.mark.parametrize("place", ["fifo", "/dev/zero", "/dev/null", "folder", "empty"])
def test_a_registry_that_is_no_file_is_refused_at_once(tmp_path, place) -> None:
    if place == "fifo":
        os.mkfifo(tmp_path / "fifo")
    elif place == "folder":
        (tmp_path / "folder").mkdir()
    elif place == "empty":
        (tmp_path / "empty").touch()
    for arguments in (
        ("check", CUT, "--registry", tmp_path / place),
        ("registry", "validate", tmp_path / place),
    ):
        done = run(tmp_path, *arguments)
        assert done.returncode == 2, done.stderr
        assert place in done.stderr


def test_naming_no_registry_is_not_to_say_nothing(tmp_path) -> None:
    """An empty shell variable would otherwise let another registry answer."""
    for option in ("--registry", "--server"):
        done = run(tmp_path, "check", CUT, option, "")
        assert done.returncode == 2
        assert option in done.stderr


def test_a_pipe_for_rules_or_a_report_is_refused_at_once(tmp_path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for arguments in (("rules", "check", pipe), ("usage", pipe), (*CLEARED, "--rules", pipe)):
        done = run(tmp_path, *arguments)
        assert done.returncode == 2
        assert str(pipe) in done.stderr


def test_a_name_with_a_line_end_makes_no_last_line_of_its_own(tmp_path) -> None:
    done = run(tmp_path, *CLEARED[:-1], "x\nclearcut: all is cleared")
    assert done.returncode == 3
    assert done.stderr.strip().splitlines()[-1].startswith("clearcut: could not decide: x")


def test_colour_can_be_forced_into_a_pipe_and_forbidden_on_top(tmp_path) -> None:
    command = ("check", CUT, "--registry", REGISTRY)
    assert "\x1b[1;31mBLOCKED" in run(tmp_path, *command, NO_COLOR="", FORCE_COLOR="1").stdout
    assert "\x1b" not in run(tmp_path, *command, NO_COLOR="1", FORCE_COLOR="1").stdout
    assert "\x1b" not in run(tmp_path, *command, NO_COLOR="").stdout


def imported(done):
    return {
        line.rpartition("|")[2].strip()
        for line in done.stderr.splitlines()
        if line.startswith("import time:")
    }


def test_a_kept_verdict_imports_nothing_that_judges_and_no_reader_of_rules_where_there_are_none(tmp_path):
    cut, registry = tmp_path / "cut.otio", tmp_path / "registry.json"
    cut.write_bytes(CUT.read_bytes())
    registry.write_bytes(REGISTRY.read_bytes() + b" " * WORTH_BYTES)
    asked = ("check", cut, "--registry", registry, "--now", "2026-11-20T12:00:00Z")
    first, again = (imported(run(tmp_path / "home", *asked, PYTHONPROFILEIMPORTTIME="1")) for _ in range(2))
    judges = {
        f"clearcut.{name}" for name in ("check", "core.evaluate", "edit", "backend", "settings.located")
    }
    assert judges <= first
    assert "clearcut.kept" in again
    assert not again & {*judges, "tomllib", "tomli", "difflib", "jinja2", "requests", "sqlite3"}
