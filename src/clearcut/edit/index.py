"""Cuts already read, kept in the user's own cache folder: a large edit that did not change is not walked again.

An entry is for one place of one content: the sha256 of the edit is taken anew each time. Whatever is odd about an
entry - damaged, of another version of the reader, of another owner - drops it, and the edit is read as if there were
none. What is trusted: the user's own files (docs/decisions/0011). How a cut is written down is `index_columns`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

from clearcut import cache_folder
from clearcut.cache_folder import WORTH_BYTES, CacheFolder, Head, digest_of_file, digest_of_files, name_for
from clearcut.core import cut as cut_module
from clearcut.core import timing as timing_module
from clearcut.core.cut import Cut
from clearcut.edit.index_columns import cut_from_columns, cut_to_columns

_MOST_ENTRIES = 50
_MOST_BYTES = 1 << 30


class CutIndex:
    """The entries in one folder. Nothing here raises for what the folder holds or refuses."""

    def __init__(self, folder: Path) -> None:
        self._entries = CacheFolder(folder, ".cut", most_entries=_MOST_ENTRIES, most_bytes=_MOST_BYTES)

    def find(self, path: Path, rate: Fraction | None) -> Cut | None:
        """The cut as it was read from the same bytes at the same place; None when there is no sound entry."""

        def fits(head: Head) -> bool:
            # What is dear is asked last.
            same_reader = head["reader"] == reader_digest() and head["bytes"] == path.stat().st_size
            return bool(same_reader and head["edit"] == digest_of_file(path))

        name = _name(path, rate)
        known = self._entries.read(name, fits)
        if known is None:
            return None
        head, (body,) = known
        try:
            made = cut_from_columns(json.loads(body), path=str(path))
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            self._entries.drop(name)
            return None
        return made if made.sha256 == head["edit"] else None

    def keep(self, cut: Cut, path: Path, rate: Fraction | None) -> None:
        """Writes the entry in the place of an older one. Where it cannot be written there is none."""
        with suppress(OSError):
            size = path.stat().st_size
            if size >= WORTH_BYTES and self._entries.takes_entries():
                body = json.dumps(cut_to_columns(cut), separators=(",", ":")).encode()
                head = {"reader": reader_digest(), "edit": cut.sha256, "bytes": size}
                self._entries.write(_name(path, rate), head, [body])


def _name(path: Path, rate: Fraction | None) -> str:
    return name_for(path.absolute(), rate)


@lru_cache(maxsize=1)
def reader_digest() -> str:
    """Which reader made an entry: the text of this room and of what it makes, so that any change drops all entries."""
    return digest_of_files(_sources())


def _sources() -> Iterator[Path]:
    yield from sorted(Path(__file__).parent.glob("*.py"))
    for module in (cache_folder, cut_module, timing_module):
        yield Path(str(module.__file__))
