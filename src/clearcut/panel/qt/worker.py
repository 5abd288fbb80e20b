"""Runs a check beside the window, so that no host ever waits for a server."""

from __future__ import annotations

import threading
from collections.abc import Callable

from qtpy import QtCore

from clearcut.core.verdict import Verdict
from clearcut.panel.asking import Answer, Tell


class Checker(QtCore.QObject):
    """Starts checks in threads of their own and tells the answer on the thread that owns this object.

    A thread is a daemon: closing the window does not wait for a server's time-out.
    """

    stepped = QtCore.Signal(int, object)
    arrived = QtCore.Signal(int, object)
    failed = QtCore.Signal(int, object)
    sent = QtCore.Signal(str)
    unsent = QtCore.Signal(object)

    def start(self, ticket: int, check: Callable[[Tell], Answer | Verdict]) -> None:
        """Runs the check; `stepped` may follow, then exactly one of the other two, each with the ticket."""
        threading.Thread(
            target=self._run, args=(ticket, check), name=f"clearcut-check-{ticket}", daemon=True
        ).start()

    def _run(self, ticket: int, check: Callable[[Tell], Answer | Verdict]) -> None:
        try:
            verdict = check(lambda step: self._tell(self.stepped, ticket, step))
        except BaseException as error:  # noqa: BLE001 - a thread's entry point: whatever it is, it is told, and clears nothing
            self._tell(self.failed, ticket, error)
        else:
            self._tell(self.arrived, ticket, verdict)

    def send(self, request: Callable[[], str]) -> None:
        """Sends something in a thread of its own; `sent` with what came of it, or `unsent` with the error, follows."""

        def run() -> None:
            try:
                said = request()
            except BaseException as error:  # noqa: BLE001 - a thread's entry point: the person is told
                self._tell(self.unsent, error)
            else:
                self._tell(self.sent, said)

        threading.Thread(target=run, name="clearcut-request", daemon=True).start()

    @staticmethod
    def _tell(signal: QtCore.SignalInstance, *values: object) -> None:
        try:
            signal.emit(*values)
        except RuntimeError:
            # The window was closed meanwhile and its object is gone: there is nobody to tell.
            return
