"""Publishes that are to be noted at the server: on disk first, sent then, and gone once the server has them.

A file is one publish, named by its idempotency key: however often it is sent, by whichever process, it is noted
once. It is sent only to the server that judged it.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clearcut.backend.cuts import RemoteCuts
from clearcut.core.codec import WireError, from_plain, strict_loads, to_plain
from clearcut.core.registered import Publish
from clearcut.errors import BackendError
from clearcut.settings import user_data_folder

_FOLDER = "publishes to note"


@dataclass(frozen=True, slots=True)
class ToNote:
    """A publish and the server that judged it. `file` None: it could not be kept on disk."""

    key: str
    server: str
    publish: Publish
    file: Path | None


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of sending: those that are noted now, those that are not, and why not ("" when all are)."""

    noted: tuple[ToNote, ...]
    left: tuple[ToNote, ...]
    why: str = ""


def folder(environ: Mapping[str, str] | None = None) -> Path:
    """Where they lie: in the user's data, because they must not be lost."""
    return user_data_folder(environ) / _FOLDER


def keep(publish: Publish, server: str, into: Path) -> ToNote:
    """Puts the publish on disk, whole or not at all."""
    key = secrets.token_hex(16)
    file = into / f"{key}.json"
    part = file.with_suffix(".part")
    try:
        into.mkdir(parents=True, exist_ok=True, mode=0o700)
        part.write_text(json.dumps({"server": server, "publish": to_plain(publish)}), encoding="utf-8")
        part.replace(file)
    except OSError:
        # A farm node may have no home that can be written: then it is sent from memory.
        return ToNote(key, server, publish, None)
    return ToNote(key, server, publish, file)


def waiting(where: Path) -> tuple[ToNote, ...]:
    """Everything that is on disk, oldest first; a file that is none of ours is left alone."""
    found = []
    try:
        files = sorted(where.glob("*.json"), key=lambda file: (file.stat().st_mtime_ns, file.name))
    except OSError:
        return ()
    for file in files:
        try:
            plain: Any = strict_loads(file.read_bytes())
            found.append(ToNote(file.stem, str(plain["server"]), from_plain(Publish, plain["publish"]), file))
        except (OSError, WireError, KeyError, TypeError):
            continue
    return tuple(found)


def send(some: tuple[ToNote, ...], client: RemoteCuts) -> Sent:
    """Notes them at the server, in order, until it fails once; what another server judged stays."""
    noted: list[ToNote] = []
    for place, one in enumerate(some):
        if one.server != client.address:
            continue
        try:
            client.note(one.publish, one.key)
        except BackendError as error:
            left = tuple(later for later in some[place:] if later.server == client.address)
            return Sent(tuple(noted), left, str(error))
        noted.append(one)
        if one.file is not None:
            one.file.unlink(missing_ok=True)
    return Sent(tuple(noted), ())
