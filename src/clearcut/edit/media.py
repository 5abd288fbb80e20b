"""The content of media files that an edit or a scene names: their sha256, where they lie on this machine.

Only whole files are read: an image sequence has no one content. A file that is not here was not looked at, which is
no evidence either way (a workstation seldom mounts everything); one that cannot be looked at or read is told.
"""

from __future__ import annotations

import errno
import hashlib
import re
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from clearcut.core.paths import has_frame_token
from clearcut.errors import EditError

_CHUNK_BYTES = 1 << 20
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")


class MediaFiles:
    """Hashes media files; paths that are not absolute are taken from `folder`. Each file is read once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[Path, str | None] = {}

    def hashes(self, written: Iterable[str]) -> Mapping[str, str]:
        """sha256 (lower-case hex) of each path that is a file here, by the path as written.

        Raises EditError when a file cannot be looked at or read: what it is cannot be told.
        """
        found: dict[str, str] = {}
        for name in written:
            path = self._place(name)
            if path is None:
                continue
            if path not in self._known:
                self._known[path] = _sha256(path)
            digest = self._known[path]
            if digest is not None:
                found[name] = digest
        return found

    def _place(self, written: str) -> Path | None:
        if written[:5].lower() == "file:":
            # Decoded first: `%20d` of an escaped name would pass for a frame token.
            written = unquote(urlsplit(written).path)
        elif _SCHEME.match(written):
            return None
        if not written or "\0" in written or has_frame_token(written.lower()):
            return None
        return self._folder / written


def _sha256(path: Path) -> str | None:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return None
        digest = hashlib.sha256()
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK_BYTES):
                digest.update(chunk)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:  # no file can bear that name
            return None
        raise EditError(
            f"{path.name} cannot be read ({error.strerror}), so its content cannot be told",
            where=str(path),
            who="pipeline TD",
            remedy="make the media file readable",
        ) from error
    return digest.hexdigest()
