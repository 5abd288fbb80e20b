"""OpenEXR headers: attributes as evidence. They can add, never prove absence: most writers drop what they were given.

Own reader of the header alone, bounded: pixels are never touched.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from clearcut.core.scene import Scene, SceneReference, Target
from clearcut.errors import SceneError
from clearcut.scene.texts import is_file, words

_MAGIC = b"\x76\x2f\x31\x01"
_MULTI_PART = 0x1000
_MAX_HEADER = 16 * 1024 * 1024
_MAX_ATTRIBUTES = 20_000
_MAX_NAME = 255
_REPLICA = re.compile(r"(?:.*[/:._])?clearcut[/:._]replicas?", re.IGNORECASE)
NEVER_ALL = "an EXR header can add evidence and never prove that a replica is absent"


class Attribute(NamedTuple):
    """One text of a header: `part` counts from 0, `name` as written (`nuke/input/filename`)."""

    part: int
    name: str
    text: str


def read_exr(path: Path, sha256: str) -> Scene:
    """The texts of an EXR's header that name files or replicas. Raises SceneError on anything that is no header."""
    with path.open("rb") as file:
        header = file.read(_MAX_HEADER)
    try:
        texts = list(attributes(header))
    except (ValueError, struct.error) as error:
        raise SceneError(f"not an OpenEXR header: {error}", where=str(path)) from None
    references = []
    for one in texts:
        claimed = tuple(words(one.text)) if _REPLICA.fullmatch(one.name) else ()
        key = re.sub(r"[/:]+", ".", one.name).strip(".")
        if claimed or is_file(one.text) or "representation" in key:
            references.append(
                SceneReference(
                    f"part{one.part}",
                    "EXR",
                    one.name,
                    one.text,
                    replicas=claimed,
                    metadata=((key, one.text),),
                )
            )
    target = Target(path.name, str(path), tuple(references))
    return Scene(str(path), "exr", sha256, (target,), (), (NEVER_ALL,))


def attributes(header: bytes) -> Iterator[Attribute]:
    """Every attribute of type string or stringvector, in order. Raises ValueError when the header is none."""
    if header[:4] != _MAGIC:
        raise ValueError("it does not begin as one")
    multi = bool(struct.unpack_from("<I", header, 4)[0] & _MULTI_PART)
    pos, part, count = 8, 0, 0
    while True:
        name, pos = _text(header, pos)
        if not name:
            # An empty name ends a part; in a multi-part file another empty name ends the header.
            part += 1
            if not multi or header[pos : pos + 1] in (b"\0", b""):
                return
            continue
        count += 1
        if count > _MAX_ATTRIBUTES:
            raise ValueError("too many attributes")
        kind, pos = _text(header, pos)
        (size,) = struct.unpack_from("<i", header, pos)
        pos += 4
        if size < 0 or pos + size > len(header):
            raise ValueError(f"attribute {name!r} does not fit into it")
        value, pos = header[pos : pos + size], pos + size
        if kind == "string":
            yield Attribute(part, name, value.decode("utf-8", "replace").rstrip("\0"))
        elif kind == "stringvector":
            yield from (Attribute(part, name, text) for text in _vector(value))


def _text(header: bytes, pos: int) -> tuple[str, int]:
    end = header.find(b"\0", pos, pos + _MAX_NAME + 1)
    if end < 0:
        raise ValueError("a name has no end")
    return header[pos:end].decode("utf-8", "replace"), end + 1


def _vector(value: bytes) -> Iterator[str]:
    pos = 0
    while pos + 4 <= len(value):
        (size,) = struct.unpack_from("<i", value, pos)
        pos += 4
        if size < 0 or pos + size > len(value):
            raise ValueError("a text does not fit into its attribute")
        yield value[pos : pos + size].decode("utf-8", "replace")
        pos += size
