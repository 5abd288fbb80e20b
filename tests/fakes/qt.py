"""A Qt application for tests, drawn offscreen; skipped by name where Qt cannot be loaded.

Not by pytest-qt: that loads Qt when pytest starts, and a machine without a screen's libraries would lose every test.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any

import pytest

from fakes.needs import needed


def application() -> Any:
    """The one QApplication of this process. Skips the test where Qt cannot be loaded and is not needed."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    try:
        from qtpy import QtWidgets
    except Exception as error:
        if needed("qt"):
            raise
        pytest.skip(f"Qt cannot be loaded here: {error}")
    return QtWidgets.QApplication.instance() or QtWidgets.QApplication(["tests"])


def until(app: Any, true: Callable[[], bool], timeout_s: float = 10) -> None:
    """Lets Qt work until it is true."""
    end = time.monotonic() + timeout_s
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        app.processEvents()
        time.sleep(0.002)


def gone(window: Any) -> None:
    """Closes a window and destroys it here and now, on the thread of the windows.

    What is only dropped is destroyed by whichever thread Python collects garbage in: Qt crashes when that is another.
    `deleteLater` alone waits for an event loop, and tests run none.
    """
    from qtpy import QtCore

    window.close()
    window.deleteLater()
    deleted = QtCore.QEvent.Type.DeferredDelete
    number = getattr(deleted, "value", deleted)  # PySide2 takes the enum itself
    QtCore.QCoreApplication.sendPostedEvents(window, number)
