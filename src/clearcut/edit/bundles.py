"""Bundles: `.otioz` is a zip and `.otiod` a folder, and in both the cut is `content.otio`; `.fcpxmld` is a folder too.

Nothing is unpacked: the cut is read out of the archive under a limit, and media files are never opened.
"""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import IO

from clearcut.edit.faults import missing, shown, unreadable

CONTENT = "content.otio"
PROJECT = "Info.fcpxml"
_MAX_ENTRIES = 200_000
# JSON shrinks to a twentieth or so. What grows more than this on unpacking is a bomb, once it is large at all.
_MAX_GROWTH = 300
_SMALL = 16 * 1024**2
_CHUNK = 1024**2


def content_of_zip(stream: IO[bytes], most: int) -> bytes:
    """The cut in an `.otioz`. Raises EditError on an archive that is damaged, encrypted, or meant to do harm."""
    try:
        with zipfile.ZipFile(stream) as archive:
            entries = archive.infolist()
            if len(entries) > _MAX_ENTRIES:
                raise unreadable("", f"more than {_MAX_ENTRIES} files in the bundle")
            for entry in entries:
                _refuse_traversal(entry.filename)
            found = [entry for entry in entries if entry.filename == CONTENT]
            if len(found) != 1:
                raise unreadable("", f"{len(found)} files named {CONTENT} in the bundle, not one")
            return _unpacked(archive, found[0], most)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, RuntimeError) as error:
        raise unreadable("", f"not a bundle that can be read: {error}") from error


def content_of_folder(folder: Path) -> Path:
    """Where the cut lies in an `.otiod`. Raises EditError (cut-missing) when it does not."""
    content = folder / CONTENT
    if not content.is_file():
        raise missing(str(content), f"a folder without {CONTENT} is no edit")
    return content


def project_of_folder(folder: Path) -> Path:
    """Where the project lies in a `.fcpxmld`, as Final Cut exports it. Raises EditError (cut-missing)."""
    project = folder / PROJECT
    if not project.is_file():
        raise missing(str(project), f"a folder without {PROJECT} is no edit")
    return project


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    if entry.flag_bits & 1:
        raise unreadable(CONTENT, "encrypted")
    limit = min(most, max(_SMALL, entry.compress_size * _MAX_GROWTH))
    if entry.file_size > limit:
        raise unreadable(
            CONTENT, f"would grow to {entry.file_size} bytes: more than {limit} are not unpacked"
        )
    parts = []
    size = 0
    with archive.open(entry) as stream:
        # The header may lie about the size, so it is counted.
        while part := stream.read(_CHUNK):
            size += len(part)
            if size > limit:
                raise unreadable(CONTENT, f"grows beyond {limit} bytes on unpacking")
            parts.append(part)
    return b"".join(parts)


def _refuse_traversal(name: str) -> None:
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or (len(name) > 1 and name[1] == ":"):
        raise unreadable("", f"the bundle holds a path that leads out of it: {shown(name)}")
