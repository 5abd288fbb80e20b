"""The text of a file that comes part by part: what was read is let go, so that a large edit never lies in memory.

Knows where in the file it is, but nothing of what the text says, blanks aside.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable

from clearcut.edit.faults import unreadable

_BLANK = re.compile(r"[ \t\n\r]*")
_MARK = "\ufeff"
# So much is kept, so that in all but the largest edits a place is a line; counting the lines of those costs too much.
_KEPT = 1 << 22


class Stream:
    """`text` from `at` on is what is still to be read, as far as it has come; `ended` when all has come."""

    __slots__ = ("_begun", "_bytes", "_decoder", "_dropped", "_parts", "at", "ended", "text")

    def __init__(self, parts: Iterable[bytes]) -> None:
        self.text = ""
        self.at = 0
        self.ended = False
        self._parts = iter(parts)
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._bytes = 0
        self._begun = False
        self._dropped = False

    def ahead(self, size: int) -> None:
        """Sees to it that `size` characters lie ahead, unless the file ends before. Raises EditError on no UTF-8."""
        left = len(self.text) - self.at
        if left >= size or self.ended:
            return
        # Each character is moved about once: at least as much is asked for as is there already.
        size = max(size, 2 * left)
        # What is very long should lie alone in the text, so that it need not be copied out of it.
        start = self.at if max(self.at, size) >= _KEPT else 0
        pieces = [self.text[start:]]
        while left < size and not self.ended:
            piece = self._more()
            pieces.append(piece)
            left += len(piece)
        self._dropped = self._dropped or start > 0
        self.text = "".join(pieces)
        self.at -= start

    def skip(self) -> str:
        """Passes over blanks; gives the character that comes next, "" at the end of the file."""
        while True:
            match = _BLANK.match(self.text, self.at)
            self.at = match.end() if match else self.at
            if self.at < len(self.text):
                return self.text[self.at]
            if self.ended:
                return ""
            self.ahead(1)

    def where(self, at: int) -> str:
        """A place in `text` as people find it in the file: its line, or where the beginning is gone its byte."""
        if not self._dropped:
            return f"line {self.text.count(chr(10), 0, at) + 1}"
        waiting = len(self._decoder.getstate()[0])
        return f"byte {self._bytes - waiting - len(self.text[at:].encode())}"

    def _more(self) -> str:
        part = next(self._parts, None)
        self.ended = part is None
        start = self._bytes - len(self._decoder.getstate()[0])
        self._bytes += len(part or b"")
        try:
            text = self._decoder.decode(part or b"", self.ended)
        except UnicodeDecodeError as error:
            raise unreadable(f"byte {start + error.start}", "not UTF-8 text") from error
        if text and not self._begun:
            self._begun = True
            return text.removeprefix(_MARK)
        return text
