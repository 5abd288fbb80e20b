"""The line on a terminal while something takes long, and the completion of shells."""

import io
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from clearcut.cli.completion import command
from clearcut.cli.progress import progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_what_takes_long_is_shown_alive_and_leaves_nothing_behind():
    out = Terminal()
    with progress("checking cut.otio", stream=out, patience_s=0.01):
        end = time.monotonic() + 10
        while "checking" not in out.getvalue():
            assert time.monotonic() < end
            time.sleep(0.005)
    assert out.getvalue().startswith("\rclearcut: checking cut.otio [#...........] 0 s ")
    assert out.getvalue().endswith("\r\x1b[K")


def test_what_is_quick_shows_nothing():
    out = Terminal()
    with progress("checking", stream=out, patience_s=60):
        pass
    assert out.getvalue() == ""


def test_a_file_or_a_pipe_gets_nothing():
    out = io.StringIO()
    with progress("checking", stream=out, patience_s=0):
        time.sleep(0.02)
    assert out.getvalue() == ""


def test_an_error_goes_through_and_the_line_is_taken_away():
    out = Terminal()
    with pytest.raises(OSError), progress("checking", stream=out, patience_s=0):
        while not out.getvalue():
            time.sleep(0.005)
        raise OSError("gone")
    assert out.getvalue().endswith("\r\x1b[K")


def test_a_hostile_name_gives_the_terminal_no_orders():
    out = Terminal()
    with progress("\x1b]0;title\x07", stream=out, patience_s=0):
        while not out.getvalue():
            time.sleep(0.005)
    assert "\x1b]0" not in out.getvalue()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_gets_a_script_that_asks_the_program(shell):
    told = CliRunner().invoke(command, [shell])
    assert "_CLEARCUT_COMPLETE" in told.output
    assert "clearcut" in told.output


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash here")
@pytest.mark.parametrize(
    "words, offered",
    [("clearcut che", "check"), ("clearcut check --forma", "--format"), ("clearcut tok", "token")],
)
def test_bash_completes_commands_and_options(words, offered):
    folder = Path(sys.executable).parent
    script = (
        'eval "$(clearcut completion bash)"\n'
        f"COMP_WORDS=({words}); COMP_CWORD={len(words.split()) - 1}; COMPREPLY=()\n"
        '_clearcut_completion clearcut; echo "${COMPREPLY[@]}"\n'
    )
    environment = {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}
    ran = subprocess.run(
        ["bash", "-c", script], check=False, capture_output=True, text=True, timeout=60, env=environment
    )
    assert ran.stdout.split() == [offered], ran.stderr
