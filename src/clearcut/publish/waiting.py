"""How the thread that publishes waits for an answer: with a limit, and so that a host with windows stays alive.

A publish is one long call on the host's main thread. Where that thread runs Qt's windows, it waits in short slices and
lets Qt paint in between; no key and no click reaches anything, so nothing starts within the publish. An answer that
takes longer gets a dialog over all windows, of which one thing can be pressed: Cancel. Qt is never imported here, only
found where the host has loaded it.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from clearcut.errors import BackendError
from clearcut.worker import Worker

LIMIT_S = 30.0
_SLICE_S = 0.02
_DIALOG_AFTER_S = 0.5
_BINDINGS = ("PySide6", "PySide2", "PyQt6", "PyQt5")
_SAID = "Asking for clearance…"

T = TypeVar("T")
_painting: set[int] = set()  # the threads that wait in Qt's loop now


def elsewhere(work: Callable[[], T], limit_s: float = LIMIT_S) -> T:
    """What the work gives, done on a thread of its own. Raises what it raises, and as `wait_for` does."""
    worker = Worker(work, name="clearcut-ask")
    wait_for(worker, limit_s)
    return worker.result()


def wait_for(worker: Worker[Any], limit_s: float = LIMIT_S, since_s: float | None = None) -> None:
    """Returns when the work has ended. Raises BackendError when it took too long or a person cancelled.

    The limit counts from now, or from a moment of the monotonic clock.
    """
    end_s = limit_s + (time.monotonic() if since_s is None else since_s)
    qt = _windows_of_this_thread()
    ended = _wait_plainly(worker, end_s) if qt is None else _wait_painting(worker, end_s, *qt)
    if not ended:
        raise BackendError(f"there was no answer within {limit_s:g} s")


def _wait_plainly(worker: Worker[Any], end_s: float) -> bool:
    # In slices, so that Ctrl-C is heard on every system.
    while not worker.wait(min(0.2, max(0.0, end_s - time.monotonic()))):
        if time.monotonic() >= end_s:
            return False
    return True


def _windows_of_this_thread() -> tuple[Any, Any, Any] | None:
    """QtCore, QtWidgets and the application, where this thread runs its windows; else None."""
    for binding in _BINDINGS:
        core, widgets = (sys.modules.get(f"{binding}.{part}") for part in ("QtCore", "QtWidgets"))
        if core is None or widgets is None:
            continue
        app = core.QCoreApplication.instance()
        if isinstance(app, widgets.QApplication) and core.QThread.currentThread() == app.thread():
            return core, widgets, app
    return None


def _wait_painting(worker: Worker[Any], end_s: float, core: Any, widgets: Any, app: Any) -> bool:
    with _once():
        only_painting = core.QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents
        slice_ms = int(1000 * _SLICE_S)
        dialog_at_s = time.monotonic() + _DIALOG_AFTER_S
        while not worker.wait(_SLICE_S):
            if time.monotonic() >= end_s:
                return False
            if time.monotonic() >= dialog_at_s:
                return _wait_with_dialog(worker, end_s, core, widgets, app)
            app.processEvents(only_painting, slice_ms)
    return True


def _wait_with_dialog(worker: Worker[Any], end_s: float, core: Any, widgets: Any, app: Any) -> bool:
    """Modal for the whole application: Qt itself keeps what people press from everything else."""
    dialog = widgets.QProgressDialog(_SAID, "Cancel", 0, 0, app.activeWindow())
    try:
        dialog.setWindowTitle("Clearcut")
        dialog.setWindowModality(core.Qt.WindowModality.ApplicationModal)
        dialog.setMinimumDuration(0)
        dialog.show()
        while not worker.wait(_SLICE_S):
            if time.monotonic() >= end_s:
                return False
            app.processEvents(core.QEventLoop.ProcessEventsFlag.AllEvents, int(1000 * _SLICE_S))
            if dialog.wasCanceled():
                raise cancelled()
    finally:
        dialog.close()
        dialog.deleteLater()
        # The traceback of an error holds this frame: kept by it, the dialog could end as garbage of another thread.
        del dialog
    return True


def cancelled() -> BackendError:
    """What is raised when a person did not want to wait: nobody answered, so nothing is cleared."""
    return BackendError(
        "the asking was cancelled before there was an answer",
        who="whoever publishes",
        remedy="publish again, and wait for the answer",
    )


@contextmanager
def _once() -> Iterator[None]:
    """One wait at a time: what the host's own timers start meanwhile is refused, not nested."""
    thread = threading.get_ident()
    if thread in _painting:
        raise BackendError(
            "another publish is waiting for its answer", remedy="wait for it, then publish again"
        )
    _painting.add(thread)
    try:
        yield
    finally:
        _painting.discard(thread)
