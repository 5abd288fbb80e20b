"""A writer of small .blend files: the container and DNA1 as Blender writes them, with only the structures needed."""

from __future__ import annotations

import gzip
import struct
from dataclasses import dataclass, field

_SIZES = {"char": 1, "int": 4, "short": 2}
_STRUCTS: dict[str, list[tuple[str, str]]] = {
    "ID": [("char", "name[66]"), ("char", "pad[2]")],
    "Library": [("ID", "id"), ("char", "name[1024]")],
    "Image": [("ID", "id"), ("char", "name[1024]")],
    "Object": [("ID", "id"), ("int", "visibility")],
    "RenderData": [("int", "sfra"), ("int", "efra"), ("char", "pic[1024]")],
    "Scene": [("ID", "id"), ("void", "*camera"), ("RenderData", "r")],
    "Strip": [("char", "dir[768]")],
    "StripElem": [("char", "filename[256]")],
    "IDPropertyData": [("void", "*pointer"), ("int", "val"), ("int", "val2")],
    "IDProperty": [
        ("void", "*next"),
        ("char", "type"),
        ("char", "subtype"),
        ("short", "flag"),
        ("char", "name[64]"),
        ("IDPropertyData", "data"),
    ],
}


@dataclass
class Blend:
    """A file in the making. `order` is "<" or ">", `pointer` 4 or 8 bytes, `large` the header of Blender 5."""

    order: str = "<"
    pointer: int = 8
    large: bool = False
    blocks: list[bytes] = field(default_factory=list)
    _address: int = 0x1000

    def _size(self, name: str) -> int:
        if name in _SIZES:
            return _SIZES[name]
        return sum(self._field_size(kind, written) for kind, written in _STRUCTS[name])

    def _field_size(self, kind: str, written: str) -> int:
        size = self.pointer if written.startswith("*") else self._size(kind)
        return size * int(written.split("[")[1][:-1]) if "[" in written else size

    def _value(self, kind: str, /, **values: object) -> bytes:
        out = b""
        for part, written in _STRUCTS[kind]:
            key = written.lstrip("*").split("[")[0]
            size = self._field_size(part, written)
            given = values.get(key, b"")
            if isinstance(given, int):
                sign = {1: "b", 2: "h", 4: "i", 8: "Q"}[size]
                out += struct.pack(self.order + sign, given)
            else:
                raw = given.encode() if isinstance(given, str) else given
                out += bytes(raw).ljust(size, b"\0")
        return out

    def block(self, code: str, content: bytes, kind: str | None = None, address: int | None = None) -> None:
        number = list(_STRUCTS).index(kind) if kind else 0
        if address is None:
            self._address += 0x100
            address = self._address
        raw = code.encode().ljust(4, b"\0")
        if self.large:
            head = struct.pack("<4siQqq", raw, number, address, len(content), 1)
        else:
            shape = "4siQii" if self.pointer == 8 else "4siIii"
            head = struct.pack(self.order + shape, raw, len(content), address, number, 1)
        self.blocks.append(head + content)

    def datablock(self, code: str, kind: str, name: str, /, **values: object) -> None:
        id_value = self._value("ID", name=code + name)
        self.block(code, self._value(kind, id=id_value, **values), kind)

    def library(self, path: str, *linked: str) -> None:
        self.datablock("LI", "Library", path.rsplit("/", 1)[-1], name=path)
        for name in linked:
            self.block("ID", self._value("ID", name=name), "ID")

    def scene(self, name: str, output: str = "//out/", first: int = 1, last: int = 250) -> None:
        render = self._value("RenderData", sfra=first, efra=last, pic=output)
        self.datablock("SC", "Scene", name, r=render)

    def claim(self, text: str, address: int = 0x9000) -> None:
        pointed = self._value("IDPropertyData", pointer=address)
        prop = self._value("IDProperty", type=0, name="clearcut_replica", data=pointed)
        self.block("DATA", prop, "IDProperty")
        self.block("DATA", text.encode() + b"\0", None, address)

    def strip(self, folder: str, file: str) -> None:
        self.block("DATA", self._value("Strip", dir=folder), "Strip")
        self.block("DATA", self._value("StripElem", filename=file), "StripElem")

    def content(self) -> bytes:
        if self.large:
            head = b"BLENDER17-01v0500"
        else:
            pointer, order = (b"-" if self.pointer == 8 else b"_"), (b"v" if self.order == "<" else b"V")
            head = b"BLENDER" + pointer + order + b"405"
        body = b"".join(self.blocks)
        dna = Blend(self.order, self.pointer, self.large)
        dna.block("DNA1", self._dna())
        dna.block("ENDB", b"")
        return head + body + b"".join(dna.blocks)

    def _dna(self) -> bytes:
        names = sorted({written for fields in _STRUCTS.values() for _, written in fields})
        kinds = [*_SIZES, "void", *_STRUCTS]
        sizes = [0 if kind == "void" else self._size(kind) for kind in kinds]
        number = self.order + "i"
        out = b"SDNANAME" + struct.pack(number, len(names)) + b"".join(n.encode() + b"\0" for n in names)
        out = _padded(out) + b"TYPE" + struct.pack(number, len(kinds))
        out = _padded(out + b"".join(k.encode() + b"\0" for k in kinds)) + b"TLEN"
        out = _padded(out + struct.pack(f"{self.order}{len(sizes)}h", *sizes)) + b"STRC"
        out += struct.pack(number, len(_STRUCTS))
        for name, fields in _STRUCTS.items():
            out += struct.pack(f"{self.order}hh", kinds.index(name), len(fields))
            for kind, written in fields:
                out += struct.pack(f"{self.order}hh", kinds.index(kind), names.index(written))
        return out


def _padded(content: bytes) -> bytes:
    return content.ljust((len(content) + 3) & ~3, b"\0")


def gzipped(content: bytes) -> bytes:
    """As Blender compressed before 3.0."""
    return gzip.compress(content)
