"""The publish from a shell, where Clearcut is not installed."""

import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[2] / "hosts" / "standalone" / "clearcut_publish.py"


def test_without_clearcut_nothing_is_published_and_one_line_says_so(tmp_path):
    # -S leaves out site-packages, where Clearcut and Pyblish are.
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(SCRIPT)], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert (done.returncode, done.stdout) == (3, "")
    (line,) = done.stderr.splitlines()
    assert "ask pipeline TD" in line
