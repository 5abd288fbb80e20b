"""The panel as a program of its own."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from qtpy import QtCore, QtGui, QtWidgets

from clearcut.core.verdict import Verdict
from clearcut.panel.asking import Answer, Tell
from clearcut.panel.presenter import Presenter
from clearcut.panel.qt.window import PanelWindow
from clearcut.report import FORMATS


def run(
    check: Callable[[Path | None, Tell], Answer], clock: Callable[[], datetime], edit: Path | None
) -> int:
    """Opens the window and stays until it is closed. `check` runs on a thread of its own."""
    app = QtWidgets.QApplication.instance() or QtWidgets.QApplication(["clearcut"])
    with tempfile.TemporaryDirectory(prefix="clearcut-", ignore_cleanup_errors=True) as folder:
        window = PanelWindow(
            Presenter(clock), check, open_report=lambda verdict: show_report(verdict, Path(folder))
        )
        window.resize(1200, 800)
        window.show()
        if edit is not None:
            window.start(edit)
        return int(app.exec_() if hasattr(app, "exec_") else app.exec())


def show_report(verdict: Verdict, folder: Path) -> None:
    """Writes the HTML report into `folder` and opens it in the user's browser."""
    page = folder / f"clearcut-{verdict.as_of:%Y%m%dT%H%M%S%f}.html"
    page.write_text(FORMATS["html"](verdict), encoding="utf-8")
    QtGui.QDesktopServices.openUrl(QtCore.QUrl.fromLocalFile(str(page)))
