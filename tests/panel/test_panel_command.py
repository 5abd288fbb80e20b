"""`clearcut panel` as a user starts it: the real check on the shipped show, offscreen, in a process of its own."""

import os
import subprocess
import sys
from importlib import resources

import pytest
from click.testing import CliRunner

from clearcut.cli.panel import command
from fakes.needs import needed

SHOW = resources.files("clearcut") / "shipped" / "helios"

# Runs the command, and closes the window once there is an answer; prints what the window says.
DRIVER = """
import sys
from qtpy import QtCore, QtWidgets
from clearcut.panel.qt import window as module

class Watched(module.PanelWindow):
    def draw(self, state):
        super().draw(state)
        if state.phase in (module.Phase.READY, module.Phase.FAILED) and not state.checking and state.rows:
            print(state.title, "|", state.headline, "|", state.rows[0].name, "|", state.rows[0].why)
            QtCore.QTimer.singleShot(0, QtWidgets.QApplication.instance().quit)

import clearcut.panel.qt.app as app
app.PanelWindow = Watched
from clearcut.cli import main
main(sys.argv[1:])
"""


def _qt_missing():
    try:
        import qtpy.QtWidgets
    except Exception as error:
        if needed("qt"):
            raise
        return f"Qt cannot be loaded here: {error}"
    return qtpy.__name__ and ""


def test_the_panel_shows_the_same_verdict_as_the_command_line(tmp_path):
    missing = _qt_missing()
    if missing:
        pytest.skip(missing)
    arguments = [
        str(SHOW / "helios_v042.otio"),
        "--registry",
        str(SHOW / "registry.json"),
        "--now",
        "2026-11-20T12:00:00Z",
    ]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path)}
    ran = subprocess.run(
        [sys.executable, "-c", DRIVER, "panel", *arguments], check=False, capture_output=True, text=True, timeout=60, env=environment
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith(
        "HELIOS v042 | 2 of 12 shots must not be published | HEL_010_0040 | licence-expired: L-2 ended 2026-10-31"
    )


def test_without_qt_the_command_says_what_to_install(tmp_path):
    (tmp_path / "qtpy.py").write_text("raise ImportError('no Qt binding')", encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    ran = subprocess.run(
        [sys.executable, "-m", "clearcut", "panel", "x.otio"], check=False, capture_output=True, text=True, timeout=60, env=environment
    )  # fmt: skip
    assert ran.returncode == 2
    assert (
        "install clearcut[panel], or use `clearcut check --output report.html`" in ran.stderr.splitlines()[-1]
    )
    assert "Traceback" not in ran.stderr


def test_help_shows_how_to_start_it_without_loading_qt():
    told = CliRunner().invoke(command, ["--help"])
    assert told.exit_code == 0
    assert "clearcut panel cut.otio --registry registry.json" in told.output
