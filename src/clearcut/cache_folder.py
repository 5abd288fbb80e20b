"""What was worked out once and can be worked out again, kept in a folder of the user's own.

An entry is a head of plain JSON, which says what it is for, and parts of bytes. Whatever is odd about one - damaged,
torn, another owner's, open to others - is not looked at, and nothing here raises for what the folder holds or refuses:
then there is no entry. What is trusted is the user's own files (docs/decisions/0011).
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from io import FileIO
from pathlib import Path
from typing import Any

Head = Mapping[str, Any]

# Smaller files are read and judged faster than they are looked up.
WORTH_BYTES = 1 << 18
_MOST_HEAD_BYTES = 4096
_PART_BYTES = 1 << 20
_WRITTEN_BY_OTHERS = stat.S_IWGRP | stat.S_IWOTH


class CacheFolder:
    """The entries of one kind in one folder: `suffix` is theirs, the newest are kept, up to a number and a size."""

    def __init__(self, folder: Path, suffix: str, *, most_entries: int, most_bytes: int) -> None:
        self._folder = folder
        self._suffix = suffix
        self._most_entries = most_entries
        self._most_bytes = most_bytes

    def read(self, name: str, fits: Callable[[Head], bool]) -> tuple[Head, list[bytes]] | None:
        """The head and the parts of that name's entry if its head fits; None when there is no sound one.

        A damaged one is deleted. The parts are read only after the head was found to fit; whatever `fits` raises for
        a strange head is damage.
        """
        entry = self._entry(name)
        try:
            # Without a buffer: a part of 20 MB is read to where it stays.
            with entry.open("rb", buffering=0) as stream:
                if not _is_ours(stream):
                    return None
                seal, line, _ = stream.read(_MOST_HEAD_BYTES).split(b"\n", 2)
                head = json.loads(line)
                if head["name"] != name:
                    raise ValueError("the entry of another name")
                if not fits(head):
                    return None
                start = stream.seek(len(seal) + len(line) + 2)
                if start + sum(head["parts"]) != os.fstat(stream.fileno()).st_size:
                    raise ValueError("the entry is torn")
                parts = [stream.read(size) for size in head["parts"]]
            if _seal(line, parts) != seal:
                raise ValueError("the entry is damaged")
        except FileNotFoundError:
            return None
        except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
            self.drop(name)
            return None
        return head, parts

    def takes_entries(self) -> bool:
        """Whether one can be written here, as far as can be told: asked before a dear one is made."""
        with suppress(OSError):
            there = next(one for one in (self._folder, *self._folder.parents) if one.exists())
            return there.is_dir() and os.access(there, os.W_OK | os.X_OK)
        return False

    def write(self, name: str, head: Head, parts: Sequence[bytes]) -> None:
        """Writes the entry, in the place of an older one. Where it cannot be written there is none."""
        entry = self._entry(name)
        with suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            half = entry.with_suffix(f".{os.getpid()}")
            try:
                with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
                    line = json.dumps({**head, "name": name, "parts": [*map(len, parts)]}).encode()
                    stream.writelines([_seal(line, parts), b"\n", line, b"\n", *parts])
                half.replace(entry)
            finally:
                half.unlink(missing_ok=True)
            self._forget_oldest()

    def drop(self, name: str) -> None:
        """Deletes the entry of that name, if there is one."""
        with suppress(OSError):
            self._entry(name).unlink()

    def _entry(self, name: str) -> Path:
        return self._folder / f"{name}{self._suffix}"

    def _forget_oldest(self) -> None:
        about = [(one, one.stat()) for one in self._folder.glob(f"*{self._suffix}")]
        about.sort(key=lambda pair: pair[1].st_mtime, reverse=True)
        total = 0
        for number, (one, seen) in enumerate(about):
            total += seen.st_size
            if number and (number >= self._most_entries or total > self._most_bytes):
                one.unlink(missing_ok=True)


def name_for(*parts: object) -> str:
    """The name of the entry that is about these; different for different ones."""
    said = json.dumps([str(part) for part in parts]).encode("utf-8", "surrogatepass")
    return hashlib.sha256(said).hexdigest()[:40]


def digest_of_file(path: Path) -> str:
    """The sha256 of a file's content. Raises OSError."""
    digest = hashlib.sha256()
    part = memoryview(bytearray(_PART_BYTES))  # the same memory again and again
    with path.open("rb", buffering=0) as stream:
        while size := stream.readinto(part):
            digest.update(part[:size])
    return digest.hexdigest()


def digest_of_files(paths: Iterable[Path]) -> str:
    """The sha256 of several files, their names included. Raises OSError."""
    digest = hashlib.sha256()
    for path in paths:
        content = path.read_bytes()
        digest.update(f"{path.name}\0{len(content)}\0".encode("utf-8", "surrogateescape") + content)
    return digest.hexdigest()


def program_digest() -> str:
    """Which program works here: Python's version and every file of ours that can decide anything. Raises OSError."""
    home = str(Path(__file__).parent)
    sources = sorted(
        f"{folder}/{name}"
        for folder, _, names in os.walk(home)
        for name in names
        if name.endswith((".py", ".toml"))
    )
    if not sources:
        raise OSError("the program's own text cannot be read")
    places = "\n".join(source[len(home) :] for source in sources)
    return name_for(sys.version, places, digest_of_files(map(Path, sources)))


def _seal(line: bytes, parts: Iterable[bytes]) -> bytes:
    """What an entry begins with: the digest of all that follows. It tells damage, not forgery."""
    digest = hashlib.sha256(line + b"\n")
    for part in parts:
        digest.update(part)
    return digest.hexdigest().encode()


def _is_ours(stream: FileIO) -> bool:
    """A regular file that the user owns and nobody else may write; systems without owners have no such question."""
    about = os.fstat(stream.fileno())
    if not stat.S_ISREG(about.st_mode):
        return False
    return os.name != "posix" or (about.st_uid == os.geteuid() and not about.st_mode & _WRITTEN_BY_OTHERS)
