"""Cuts already read, kept in the user's own cache folder: a large edit that did not change is not walked again.

An entry is for one place of one content: the sha256 of the edit is taken anew each time. Whatever is odd about an
entry - damaged, of another version of the reader, of another owner - drops it, and the edit is read as if there were
none. What is trusted: the user's own files (docs/decisions/0011). How a cut is written down is `index_columns`.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

from clearcut.core import cut as cut_module
from clearcut.core import timing as timing_module
from clearcut.core.cut import Cut
from clearcut.edit.index_columns import cut_from_columns, cut_to_columns

# Smaller edits are read faster than they are looked up.
WORTH_BYTES = 1 << 18
_MOST_ENTRIES = 50
_MOST_HEAD_BYTES = 4096
_CHUNK_BYTES = 1 << 20
_WRITTEN_BY_OTHERS = stat.S_IWGRP | stat.S_IWOTH


class CutIndex:
    """The entries in one folder. Nothing here raises for what the folder holds or refuses."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find(self, path: Path, rate: Fraction | None) -> Cut | None:
        """The cut as it was read from the same bytes at the same place; None when there is no sound entry."""
        entry = self._entry(path, rate)
        try:
            with entry.open("rb") as stream:
                if not _is_ours(stream):
                    return None
                head = json.loads(stream.readline(_MOST_HEAD_BYTES))
                if head["reader"] != reader_digest() or head["bytes"] != path.stat().st_size:
                    return None
                if head["edit"] != _digest_of_file(path):
                    return None
                body = stream.read()
            if hashlib.sha256(body).hexdigest() != head["body"]:
                raise ValueError("the entry is damaged")
            made = cut_from_columns(json.loads(body), path=str(path))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
            with suppress(OSError):
                entry.unlink()
            return None
        return made if made.sha256 == head["edit"] else None

    def keep(self, cut: Cut, path: Path, rate: Fraction | None) -> None:
        """Writes the entry in the place of an older one. Where it cannot be written there is none."""
        with suppress(OSError):
            size = path.stat().st_size
            if size < WORTH_BYTES:
                return
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            entry = self._entry(path, rate)
            half = entry.with_suffix(f".{os.getpid()}")
            try:
                with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
                    body = json.dumps(cut_to_columns(cut), separators=(",", ":")).encode()
                    head = {
                        "reader": reader_digest(),
                        "edit": cut.sha256,
                        "bytes": size,
                        "body": hashlib.sha256(body).hexdigest(),
                    }
                    stream.write(json.dumps(head).encode() + b"\n")
                    stream.write(body)
                half.replace(entry)
            finally:
                half.unlink(missing_ok=True)
            self._forget_oldest()

    def _entry(self, path: Path, rate: Fraction | None) -> Path:
        place = f"{path.absolute()}\n{rate}".encode("utf-8", "surrogateescape")
        return self._folder / f"{hashlib.sha256(place).hexdigest()[:40]}.cut"

    def _forget_oldest(self) -> None:
        entries = sorted(self._folder.glob("*.cut"), key=lambda one: one.stat().st_mtime, reverse=True)
        for one in entries[_MOST_ENTRIES:]:
            one.unlink(missing_ok=True)


@lru_cache(maxsize=1)
def reader_digest() -> str:
    """Which reader made an entry: the text of this room and of what it makes, so that any change drops all entries."""
    digest = hashlib.sha256()
    for source in _sources():
        digest.update(source.name.encode() + b"\0" + source.read_bytes() + b"\0")
    return digest.hexdigest()


def _sources() -> Iterator[Path]:
    yield from sorted(Path(__file__).parent.glob("*.py"))
    for module in (cut_module, timing_module):
        yield Path(str(module.__file__))


def _is_ours(stream: BinaryIO) -> bool:
    """A regular file that the user owns and nobody else may write; systems without owners have no such question."""
    about = os.fstat(stream.fileno())
    if not stat.S_ISREG(about.st_mode):
        return False
    return os.name != "posix" or (about.st_uid == os.geteuid() and not about.st_mode & _WRITTEN_BY_OTHERS)


def _digest_of_file(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while part := stream.read(_CHUNK_BYTES):
            digest.update(part)
    return digest.hexdigest()
