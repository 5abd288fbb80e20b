"""Runs a check beside the window, so that no host ever waits for a server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qtpy import QtCore

from clearcut.core.verdict import Verdict
from clearcut.panel.asking import Answer, Tell
from clearcut.worker import Worker


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
        Worker(
            lambda: check(lambda step: self._tell(self.stepped, ticket, step)),
            name=f"clearcut-check-{ticket}",
            then=lambda done: self._tell_end(done, (self.arrived, self.failed), (ticket,)),
        )

    def send(self, request: Callable[[], str]) -> None:
        """Sends something in a thread of its own; `sent` with what came of it, or `unsent` with the error, follows."""
        Worker(
            request,
            name="clearcut-request",
            then=lambda done: self._tell_end(done, (self.sent, self.unsent), ()),
        )

    def _tell_end(
        self, done: Worker[Any], signals: tuple[QtCore.SignalInstance, ...], first: tuple[int, ...]
    ) -> None:
        well, ill = signals
        try:
            result = done.result()
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is told, and clears nothing
            self._tell(ill, *first, error)
        else:
            self._tell(well, *first, result)

    @staticmethod
    def _tell(signal: QtCore.SignalInstance, *values: object) -> None:
        try:
            signal.emit(*values)
        except RuntimeError:
            # The window was closed meanwhile and its object is gone: there is nobody to tell.
            return
