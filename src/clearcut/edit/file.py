"""An edit file on disk: finds its format, reads it once, says what is wrong with its path before the place."""

from __future__ import annotations

import hashlib
import os
from fractions import Fraction
from pathlib import Path

from clearcut.core.cut import Cut
from clearcut.edit.cut_reader import read_cut
from clearcut.edit.faults import in_file, missing, unreadable
from clearcut.edit.strict_json import checked, collector_off, load
from clearcut.errors import EditError

MAX_BYTES = 2 * 1024**3


class EditFile:
    """Reads an edit file of any format; implements `check.EditReader`.

    `rate` is for formats that do not carry one (EDL); others ignore it.
    """

    def __init__(self, path: Path | str, *, rate: Fraction | None = None) -> None:
        self._path = Path(path)
        self._rate = rate

    def read(self) -> Cut:
        """The cut. Raises EditError: cut-missing, cut-unreadable or rate-unknown."""
        shown = str(self._path)
        try:
            return self._read(shown)
        except EditError as error:
            raise in_file(error, shown) from error
        except MemoryError as error:
            raise unreadable(shown, "more memory is needed than there is") from error

    def _read(self, shown: str) -> Cut:
        raw = read_bytes(self._path)
        digest = hashlib.sha256(raw).hexdigest()
        with collector_off():
            checked_text = checked(raw)
            del raw
            tree = load(checked_text)
            del checked_text
            return read_cut(tree, path=shown, name=self._path.stem, sha256=digest)


def read_bytes(path: Path, most: int = MAX_BYTES) -> bytes:
    """The file's bytes. Raises EditError when there is no such regular file, or it is larger than `most` bytes."""
    try:
        with path.open("rb") as stream:
            if os.fstat(stream.fileno()).st_size > most:
                raise unreadable("", f"larger than {most} bytes")
            raw = stream.read(most + 1)
    except FileNotFoundError as error:
        raise missing(str(path)) from error
    except OSError as error:
        raise unreadable("", f"cannot be opened: {error.strerror or error}") from error
    if len(raw) > most:
        raise unreadable("", f"larger than {most} bytes")
    return raw
