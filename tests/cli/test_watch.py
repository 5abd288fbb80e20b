"""`clearcut check --watch` judges each saved version, and leaves with the last one's exit code."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

HELIOS = Path(__file__).parents[2] / "src" / "clearcut" / "shipped" / "helios"


def test_a_saved_edit_is_judged_again_until_the_user_stops_it(tmp_path: Path) -> None:
    edit = tmp_path / "cut.otio"
    shutil.copy(HELIOS / "helios_v041.otio", edit)
    words = ["check", str(edit), "--registry", str(HELIOS / "registry.json"), "--now", "2026-11-20T12:00:00Z"]
    # What runs in the background of a shell is deaf to Ctrl-C, and so would be all that it starts.
    heard = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from clearcut.cli import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", heard, *words, "--shot", "HEL_020_0050", "--watch"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "HOME": str(tmp_path)},
    )
    assert process.stderr is not None
    try:
        assert "watching" in process.stderr.readline()
        shutil.copy(HELIOS / "helios_v042.otio", edit)
        told = [process.stderr.readline() for _ in range(3)]
        assert "was saved" in told[1]
        assert "HEL_020_0050" in told[2]
        assert "watching" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 1
    finally:
        process.kill()
        process.stderr.close()
        process.wait()
