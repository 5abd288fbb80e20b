"""DNA1: the layout of every structure in a .blend, as the file itself describes it. Finds fields by name."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator
from typing import NamedTuple

from clearcut.scene.blend.container import BlendError, Container

_FIELD = re.compile(r"(\**)\(?\**(\w+)\)?(?:\(.*\))?((?:\[\d+\])*)")


class Field(NamedTuple):
    """One field of a structure: bytes from its start, its type's name, its whole size in bytes."""

    name: str
    kind: str
    offset: int
    size: int
    is_pointer: bool


class Dna:
    """The structures of one file by number and by name."""

    def __init__(self, names: list[str], lay_out: Callable[[str], tuple[Field, ...]]) -> None:
        self._names = names
        self._lay_out = lay_out
        self._fields: dict[str, tuple[Field, ...]] = {}

    def name(self, number: int) -> str:
        """The name of structure `number`, "" when there is none."""
        return self._names[number] if 0 <= number < len(self._names) else ""

    def number(self, name: str) -> int:
        """The number of a structure, -1 when the file does not know it."""
        return self._names.index(name) if name in self._names else -1

    def fields(self, name: str) -> tuple[Field, ...]:
        """The fields of a structure, none when the file does not know it."""
        if name not in self._fields:
            # A file describes a thousand structures, of which a dozen are asked for.
            self._fields[name] = self._lay_out(name)
        return self._fields[name]

    def field(self, name: str, *wanted: str) -> Field | None:
        """The first field of a structure that bears one of these names."""
        return next((f for f in self.fields(name) if f.name in wanted), None)


def read_dna(container: Container) -> Dna:
    """The file's own description of its structures. Raises BlendError when it has none or it is damaged."""
    block = next((b for b in reversed(container.blocks) if b.code == "DNA1"), None)
    if block is None:
        raise BlendError("it does not describe its own structures")
    try:
        return _parse(container.content[block.start : block.end], container.order, container.pointer)
    except (struct.error, IndexError, UnicodeDecodeError, ValueError) as error:
        raise BlendError(f"the description of its structures is damaged: {error}") from None


def _parse(content: bytes, order: str, pointer: int) -> Dna:
    if content[:4] != b"SDNA":
        raise ValueError("no SDNA")
    names, pos = _texts(content, 4, b"NAME", order)
    kinds, pos = _texts(content, pos, b"TYPE", order)
    if content[pos : pos + 4] != b"TLEN":
        raise ValueError("no TLEN")
    sizes = struct.unpack_from(f"{order}{len(kinds)}h", content, pos + 4)
    pos = _aligned(pos + 4 + 2 * len(kinds))
    if content[pos : pos + 4] != b"STRC":
        raise ValueError("no STRC")
    (count,) = struct.unpack_from(f"{order}i", content, pos + 4)
    pos += 8
    structs: list[str] = []
    written: dict[str, tuple[int, ...]] = {}
    for _ in range(count):
        kind, number = struct.unpack_from(f"{order}hh", content, pos)
        pairs = struct.unpack_from(f"{order}{2 * number}h", content, pos + 4)
        pos += 4 + 4 * number
        structs.append(kinds[kind])
        # What is out of range is damage, and must be found now and not when it is asked for.
        if pairs and (min(pairs) < 0 or max(pairs[::2]) >= len(kinds) or max(pairs[1::2]) >= len(names)):
            raise ValueError("a field without a name or a type")
        written[kinds[kind]] = pairs
    return Dna(structs, lambda name: tuple(_layout(written.get(name, ()), kinds, sizes, names, pointer)))


def _layout(
    pairs: tuple[int, ...], kinds: list[str], sizes: tuple[int, ...], names: list[str], pointer: int
) -> Iterator[Field]:
    offset = 0
    for kind, name in zip(pairs[::2], pairs[1::2], strict=True):
        written = names[name]
        is_pointer = written.startswith(("*", "(*"))
        found = _FIELD.match(written)
        times = 1
        for part in re.findall(r"\[(\d+)\]", written):
            times *= int(part)
        size = (pointer if is_pointer else sizes[kind]) * times
        yield Field(found[2] if found else written, kinds[kind], offset, size, is_pointer)
        offset += size


def _texts(content: bytes, pos: int, mark: bytes, order: str) -> tuple[list[str], int]:
    if content[pos : pos + 4] != mark:
        raise ValueError(f"no {mark.decode()}")
    (count,) = struct.unpack_from(f"{order}i", content, pos + 4)
    pos += 8
    texts = []
    for _ in range(count):
        end = content.index(b"\0", pos)
        texts.append(content[pos:end].decode())
        pos = end + 1
    return texts, _aligned(pos)


def _aligned(pos: int) -> int:
    return (pos + 3) & ~3
