"""A .blend as a Scene: every file and linked datablock it names, for each of its scenes, and that no more can be told.

Whether a render shows them only Blender knows (`hosts/blender`), and what was modelled in the file itself bears no
path: so every reference is unknown and the scene always has a problem. Good to find suspects, never to clear.
"""

from __future__ import annotations

import gc
import hashlib
import os.path
import struct
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from clearcut.core.scene import ReferenceState, Scene, SceneReference, Target
from clearcut.core.timing import FrameRange
from clearcut.errors import SceneError
from clearcut.scene.blend.container import BlendError, Block, Container, read_container
from clearcut.scene.blend.dna import Dna, Field, read_dna

PRE_SCREEN = (
    "read without Blender: whether a render shows what it names, and what was made in it, cannot be told"
)
_WHY = "whether the render shows it cannot be told without Blender"
_REPLICA_KEY = "clearcut_replica"
_KINDS = {
    "OB": "Object",
    "GR": "Collection",
    "ME": "Mesh",
    "MA": "Material",
    "SC": "Scene",
    "IM": "Image",
    "AC": "Action",
    "AR": "Armature",
    "NT": "NodeTree",
    "WO": "World",
    "CA": "Camera",
    "LA": "Light",
    "MC": "MovieClip",
    "SO": "Sound",
    "CF": "CacheFile",
    "VO": "Volume",
    "VF": "Font",
    "LI": "Library",
    "CV": "Curves",
    "CU": "Curve",
    "PT": "PointCloud",
    "KE": "Key",
    "TE": "Texture",
    "MB": "MetaBall",
}
# Fields that hold a path, and how long they must be: a short `name` is a name.
_PATH_FIELDS = frozenset(("name", "filepath", "filename", "dir", "path", "cache_path", "simframe_path"))
_PATH_BYTES = 512
# Written paths that are no use of anything: where files go, and what the user's interface remembers.
_NOT_USES = frozenset(
    ("Scene", "RenderData", "FileSelectParams", "FileGlobal", "UserDef", "SpaceFile", "Main")
)
_NO_OWNERS = frozenset(("DATA", "ID", "LI", "DNA1", "REND", "GLOB", "TEST"))
_NEVER_CLAIM = frozenset(("ID", "DNA1", "REND", "GLOB", "TEST"))
_TEXT_PROPERTY = 0


def read_blend(content: bytes, path: Path) -> Scene:
    """The scene of a .blend file's bytes. Raises SceneError when it is none, torn off or cannot be unpacked."""
    # Tens of thousands of blocks that all stay: the collector would walk them again and again, for nothing.
    collecting = gc.isenabled()
    gc.disable()
    try:
        # The digest takes a third of the time, and another core.
        with ThreadPoolExecutor(1) as other:
            digest = other.submit(hashlib.sha256, content)
            return _read(content, path, lambda: digest.result().hexdigest())
    finally:
        if collecting:
            gc.enable()


def _read(content: bytes, path: Path, sha256: Callable[[], str]) -> Scene:
    try:
        container = read_container(content)
        found = _Reading(container, read_dna(container), path)
        references = tuple(found.references())
        targets = tuple(Target(name, output, references, frames) for name, output, frames in found.scenes())
    except BlendError as error:
        raise SceneError(str(error), where=str(path), remedy=error.remedy or None) from None
    except struct.error:
        raise SceneError("a structure in it does not fit into its block", where=str(path)) from None
    return Scene(str(path), "blend", sha256(), targets, (), (PRE_SCREEN, *found.missing()))


class _Reading:
    def __init__(self, container: Container, dna: Dna, path: Path) -> None:
        self._file = container
        self._dna = dna
        self._folder = str(path.absolute().parent)
        self._libraries: dict[str, str] = {}
        self._strip_folder = ""

    def references(self) -> Iterator[SceneReference]:
        """Linked datablocks with their library, other paths, and claims of replicas, in the order of the file."""
        claims = self._claims()
        library, owner = ("", ""), ""
        owned_by: Block | None = None
        paths = self._path_fields()
        seen: set[tuple[str, str]] = set()
        for block in self._file.blocks:
            if block.code == "LI":
                library = self._library(block)
                yield self._reference(library[0], "Library", "filepath", library[1])
            elif block.code == "ID" and library[1]:
                name = self._id_name(block)
                yield self._linked(name, library)
            if block.code not in _NO_OWNERS:
                # Most datablocks name nothing: what they are called is read when somebody asks.
                owned_by = block
                if claims and (owner := self._id_name(block)) in claims:
                    claimed = claims.pop(owner)
                    yield self._reference(owner[2:], _kind(owner), _REPLICA_KEY, " ".join(claimed), claimed)
            if block.struct in paths and block.code != "LI":
                owner = self._id_name(owned_by) if owned_by is not None else ""
                for knob, value in self._paths(block, paths[block.struct]):
                    if (owner, value) not in seen:
                        seen.add((owner, value))
                        yield self._reference(owner[2:] or "file", _kind(owner), knob, value)
        for owner, claimed in claims.items():
            yield self._reference(owner[2:] or "file", _kind(owner), _REPLICA_KEY, " ".join(claimed), claimed)

    def missing(self) -> Iterator[str]:
        """Libraries that are not where the file says."""
        for name, place in self._libraries.items():
            if not os.path.exists(place):  # noqa: PTH110 - a text from a file may be no path at all
                yield f"the library {name} is not there: {place}"

    def scenes(self) -> Iterator[tuple[str, str | None, FrameRange | None]]:
        """Name, output and frames of each scene of the file's own."""
        render = self._dna.field("Scene", "r")
        for block in self._file.blocks:
            if block.code != "SC":
                continue
            output, frames = None, None
            if render is not None:
                output = self._text(block.start + render.offset, self._dna.field("RenderData", "pic")) or None
                frames = self._frames(block.start + render.offset)
            yield self._id_name(block)[2:], self._absolute(output) if output else None, frames

    def _frames(self, start: int) -> FrameRange | None:
        ends = [self._dna.field("RenderData", name) for name in ("sfra", "efra")]
        if ends[0] is None or ends[1] is None:
            return None
        order = self._file.order
        first, last = (
            struct.unpack_from(f"{order}i", self._file.content, start + end.offset)[0] for end in ends if end
        )
        return FrameRange(first, last + 1) if last >= first else None

    def _reference(
        self, node: str, kind: str, knob: str, value: str, replicas: tuple[str, ...] = ()
    ) -> SceneReference:
        return SceneReference(node, kind, knob, value, ReferenceState.UNKNOWN, _WHY, replicas)

    def _linked(self, name: str, library: tuple[str, str]) -> SceneReference:
        pairs = (("blender.datablock", name[2:]), ("blender.library", library[0]))
        return SceneReference(
            name[2:], _kind(name), "library", library[1], ReferenceState.UNKNOWN, _WHY, metadata=pairs
        )

    def _library(self, block: Block) -> tuple[str, str]:
        name = self._id_name(block)[2:]
        place = self._text(block.start, self._dna.field("Library", "filepath", "name"))
        place = self._absolute(place)
        self._libraries[name] = place
        return name, place

    def _absolute(self, written: str) -> str:
        """`//` is Blender's word for the folder of the file."""
        if not written.startswith("//"):
            return written
        below = written[2:].replace("\\", "/")
        return os.path.normpath(f"{self._folder}/{below}")

    def _id_name(self, block: Block) -> str:
        """An ID's name with its two letters in front (`OBCube`)."""
        return self._text(block.start, self._dna.field("ID", "name"))

    def _text(self, start: int, field: Field | None) -> str:
        if field is None:
            return ""
        raw = self._file.content[start + field.offset : start + field.offset + field.size]
        return raw.split(b"\0", 1)[0].decode("utf-8", "replace")

    def _path_fields(self) -> dict[int, tuple[Field, ...]]:
        """The number of every structure with fields that hold paths, as this file lays them out."""
        found: dict[int, tuple[Field, ...]] = {}
        for number in {block.struct for block in self._file.blocks}:
            name = self._dna.name(number)
            if name in _NOT_USES:
                continue
            fields = tuple(
                f
                for f in self._dna.fields(name)
                if f.kind == "char" and not f.is_pointer and f.size >= _PATH_BYTES and f.name in _PATH_FIELDS
            )
            if fields or name == "StripElem":
                found[number] = fields
        return found

    def _paths(self, block: Block, fields: tuple[Field, ...]) -> Iterator[tuple[str, str]]:
        # The block says how many structures it holds; how many fit is what a damaged file cannot lie about.
        least = max(f.offset + f.size for f in fields) if fields else 1
        count = max(1, min(block.times, (block.end - block.start) // least))
        size = (block.end - block.start) // count
        element = self._dna.field("StripElem", "filename", "name")
        if self._dna.name(block.struct) == "StripElem":
            # The sequencer keeps a folder and, apart from it, the files in it: the first stands for the sequence.
            file = self._text(block.start, element)
            if file:
                yield "filepath", self._absolute(self._strip_folder + file)
            return
        for index in range(count):
            for field in fields:
                written = self._text(block.start + index * size, field)
                if field.name == "dir":
                    self._strip_folder = written
                if written and written not in ("<builtin>", "<memory>"):
                    yield field.name, self._absolute(written)

    def _claims(self) -> dict[str, tuple[str, ...]]:
        """The replica ids that custom properties claim, by the name of the datablock that bears them."""
        kind, name, data = (self._dna.field("IDProperty", f) for f in ("type", "name", "data"))
        pointer = self._dna.field("IDPropertyData", "pointer")
        if kind is None or name is None or data is None or pointer is None:
            return {}
        properties = self._dna.number("IDProperty")
        by_address: dict[int, Block] = {}
        claims: dict[str, tuple[str, ...]] = {}
        owned_by: Block | None = None
        for block in self._file.blocks:
            if block.code != "DATA" and block.code not in _NEVER_CLAIM:
                owned_by = block
            if block.struct != properties or self._text(block.start, name) != _REPLICA_KEY:
                continue
            if self._file.content[block.start + kind.offset] != _TEXT_PROPERTY:
                continue
            by_address = by_address or {b.address: b for b in self._file.blocks}
            shape = self._file.order + ("Q" if self._file.pointer == 8 else "I")
            place = block.start + data.offset + pointer.offset
            (address,) = struct.unpack_from(shape, self._file.content, place)
            text = by_address.get(address)
            if text is not None:
                raw = self._file.content[text.start : text.end].split(b"\0", 1)[0]
                words = raw.decode("utf-8", "replace").replace(",", " ").split()
                owner = self._id_name(owned_by) if owned_by is not None else ""
                claims[owner] = tuple(dict.fromkeys((*claims.get(owner, ()), *words)))
        return claims


def _kind(name: str) -> str:
    return _KINDS.get(name[:2], "Datablock")
