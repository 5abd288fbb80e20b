"""The container: compression, both headers (to 4.x and from 5.0 on), and the list of blocks. Contents are `dna`'s."""

from __future__ import annotations

import io
import struct
import zlib
from typing import NamedTuple

_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_MAX_BYTES = 4 * 1024**3
_CHUNK = 1 << 20


class BlendError(ValueError):
    """The bytes are no .blend file, or one that is torn off. `remedy` "" when saving again is all one can do."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy


class Block(NamedTuple):
    """One block: `code` without its padding ("LI", "DATA"), where its bytes lie, its address when it was saved.

    `struct` is the number of its structure in DNA1, `times` how many of them it claims to hold.
    """

    code: str
    start: int
    end: int
    address: int
    struct: int
    times: int


class Container(NamedTuple):
    """A file's bytes and blocks. `version` is Blender's times a hundred (405 is 4.5), `order` of struct's letters."""

    content: bytes
    version: int
    order: str
    pointer: int
    blocks: tuple[Block, ...]


def read_container(content: bytes) -> Container:
    """The blocks of a .blend file, compressed or not. Raises BlendError."""
    content = _unpacked(content)
    if not content.startswith(b"BLENDER"):
        raise BlendError("it does not begin as a .blend file")
    version, order, pointer, start, is_large = _header(content)
    shape = order + _SHAPES[(pointer, is_large)]
    return Container(content, version, order, pointer, tuple(_blocks(content, start, shape, is_large)))


_SHAPES = {(4, False): "4siIii", (8, False): "4siQii", (8, True): "4siQqq"}


def _header(content: bytes) -> tuple[int, str, int, int, bool]:
    """To 4.x `BLENDER-v405`; from 5.0 `BLENDER17-01v0500`: its length, pointers, format, byte order, version."""
    try:
        sign = content[7:8]
        if sign in (b"-", b"_"):
            order = {b"v": "<", b"V": ">"}[content[8:9]]
            return int(content[9:12]), order, 8 if sign == b"-" else 4, 12, False
        size, form = int(content[7:9]), int(content[10:12])
        if content[9:10] != b"-" or form != 1 or content[12:13] != b"v":
            raise BlendError(f"a .blend of format {form}, which this version does not know")
        return int(content[13:17]), "<", 8, size, True
    except (KeyError, ValueError) as error:
        if isinstance(error, BlendError):
            raise
        raise BlendError("its header is no .blend header") from None


def _blocks(content: bytes, pos: int, shape: str, is_large: bool) -> list[Block]:
    head = struct.Struct(shape)
    size, total = head.size, len(content)
    unpack, make = head.unpack_from, Block._make
    blocks: list[Block] = []
    codes: dict[bytes, str] = {}
    while True:
        if pos + size > total:
            raise BlendError("it is torn off: the last block is missing")
        if is_large:
            code, number, address, length, count = unpack(content, pos)
        else:
            code, length, address, number, count = unpack(content, pos)
        pos += size
        if code == b"ENDB":
            return blocks
        if length < 0 or pos + length > total:
            raise BlendError("it is torn off inside a block")
        if code not in codes:
            codes[code] = code.rstrip(b"\0").decode("latin-1")
        end = pos + length
        blocks.append(make((codes[code], pos, end, address, number, count)))
        pos = end


def _unpacked(content: bytes) -> bytes:
    if content.startswith(_GZIP):
        return _gunzip(content)
    if content.startswith(_ZSTD):
        return _unzstd(content)
    return content


def _gunzip(content: bytes) -> bytes:
    reader = zlib.decompressobj(wbits=31)
    parts: list[bytes] = []
    size, rest = 0, content
    try:
        while rest and not reader.eof:
            part = reader.decompress(rest, _CHUNK)
            rest = reader.unconsumed_tail
            size += len(part)
            if size > _MAX_BYTES:
                raise BlendError(f"more than {_MAX_BYTES} bytes when unpacked")
            parts.append(part)
    except zlib.error as error:
        raise BlendError(f"its compression is damaged: {error}") from None
    return b"".join(parts)


def _unzstd(content: bytes) -> bytes:
    """Zstandard, as Blender compresses since 3.0: with Python 3.14's own module, or the `zstandard` package."""
    try:
        from compression import zstd  # type: ignore[import-not-found, unused-ignore]

        source = zstd.ZstdFile(io.BytesIO(content))
        damage: type[Exception] = zstd.ZstdError
    except ImportError:
        try:
            import zstandard
        except ImportError:
            raise BlendError(
                "it is compressed with Zstandard, which nothing here can read",
                "pip install 'clearcut[blend]', or save it without compression",
            ) from None
        source = zstandard.ZstdDecompressor().stream_reader(io.BytesIO(content), read_across_frames=True)
        damage = zstandard.ZstdError
    parts: list[bytes] = []
    size = 0
    try:
        while part := source.read(_CHUNK):
            size += len(part)
            if size > _MAX_BYTES:
                raise BlendError(f"more than {_MAX_BYTES} bytes when unpacked")
            parts.append(part)
    except (damage, EOFError) as error:
        raise BlendError(f"its compression is damaged: {error}") from None
    return b"".join(parts)
