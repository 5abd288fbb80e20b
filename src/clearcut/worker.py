"""Work on a thread of its own, so that no host's main thread waits for files, servers or decisions.

What the work is given are plain values: a host's API belongs to its main thread alone.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from clearcut.errors import CannotTellError

T = TypeVar("T")


class Worker(Generic[T]):
    """Begins the work at once, on a daemon thread: nobody's exit waits for a server's time-out.

    `then` is called on that thread when the work has ended, however it ended.
    """

    def __init__(
        self, work: Callable[[], T], *, name: str, then: Callable[[Worker[T]], None] | None = None
    ) -> None:
        self._work = work
        self._then = then
        self._ended = threading.Event()
        self._results: list[T] = []
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._results.append(self._work())
        except BaseException as error:  # noqa: BLE001 - a thread's entry point: `result` raises it again
            self._error = error
        finally:
            self._ended.set()
        if self._then is not None:
            self._then(self)

    def wait(self, timeout_s: float) -> bool:
        """Waits at most so long; whether the work has ended, or its thread is gone."""
        return self._ended.wait(timeout_s) or not self._thread.is_alive()

    @property
    def ended(self) -> bool:
        """Whether there is something to take, or nobody left who could bring it."""
        return self.wait(0)

    def result(self) -> T:
        """What the work gave. Raises what it raised, SystemExit too; CannotTellError where it gave nothing yet."""
        if self._error is not None:
            raise self._error
        if not self._results:
            raise CannotTellError("the thread that asked gave no answer", remedy="publish again")
        return self._results[0]

    def awaited(self) -> T:
        """The `result`, waited for as long as it takes."""
        self._thread.join()
        return self.result()
