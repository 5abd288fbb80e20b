"""Reads and hashes the next part of a large file in a thread while the one before it is parsed.

Both let go of the interpreter, so that on two processors they cost no time. Each part is read once: what is hashed is
what is parsed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Thread

# A shorter part is the last one of its file: no thread is worth starting.
PART_BYTES = 1 << 22


class _Next(Thread):
    """Fetches one part and tells it; keeps what went wrong."""

    def __init__(self, parts: Iterator[bytes], tell: Callable[[bytes], None]) -> None:
        super().__init__(daemon=True)
        self._parts = parts
        self._tell = tell
        self.part: bytes | None = None
        self.error: BaseException | None = None

    def begun(self) -> bool:
        """Starts; False where the system has no thread to give."""
        try:
            self.start()
        except RuntimeError:
            return False
        return True

    def run(self) -> None:
        """Never raises."""
        try:
            self.part = next(self._parts, None)
            if self.part is not None:
                self._tell(self.part)
        except BaseException as error:  # noqa: BLE001 - raised again by whoever waits for the part
            self.error = error


def told_ahead(parts: Iterator[bytes], tell: Callable[[bytes], None]) -> Iterator[bytes]:
    """The parts in their order, each told before it is given. Raises what they raise."""
    coming = _Next(parts, tell)
    coming.run()
    while True:
        if coming.error is not None:
            raise coming.error
        part = coming.part
        if part is None:
            return
        coming = _Next(parts, tell)
        if len(part) < PART_BYTES or not coming.begun():
            yield part
            coming.run()
            continue
        try:
            yield part
        finally:
            coming.join()
