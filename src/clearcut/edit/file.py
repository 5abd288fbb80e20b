"""An edit file on disk: finds its format, reads it once, says what is wrong with its path before the place."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

from clearcut.core.collector import collector_off
from clearcut.core.cut import Cut
from clearcut.edit import adapter, bundles
from clearcut.edit.ahead import PART_BYTES, told_ahead
from clearcut.edit.ale_text import avid_log
from clearcut.edit.cut_reader import read_cut
from clearcut.edit.edl import read_edl
from clearcut.edit.edl_tracks import timeline_of
from clearcut.edit.faults import in_file, missing, rate_unknown, unreadable
from clearcut.edit.fcpxml import read_fcpxml
from clearcut.edit.index import CutIndex
from clearcut.edit.json_reader import parse, parse_parts
from clearcut.edit.left_in_metadata import with_files, with_switches
from clearcut.edit.xml_guard import refuse_entities
from clearcut.errors import EditError

MAX_BYTES = 2 * 1024**3
_MAX_TEXT = 256 * 1024**2
# 800,000 events, each of them a thousand times longer in memory than a line.
_MAX_LIST = 64 * 1024**2
_MAX_BUNDLE = 64 * 1024**3
_CHUNK = 1024**2
_XML = adapter.Adapter("otio_fcp_adapter.fcp_xml", ".xml", "xml")
_AAF = adapter.Adapter("otio_aaf_adapter.adapters.advanced_authoring_format", ".aaf", None)


class EditFile:
    """Reads an edit file of any format; implements `check.EditReader`.

    `rate` is for formats that may not carry one (EDL, ALE, FCPXML without formats); others ignore it. The format is told by the suffix.
    `index_folder` keeps cuts already read, so that a large one is not walked again while it does not change.
    """

    def __init__(
        self, path: Path | str, *, rate: Fraction | None = None, index_folder: Path | None = None
    ) -> None:
        self._path = Path(path)
        self._rate = rate
        self._index = CutIndex(index_folder) if index_folder is not None else None

    def read(self) -> Cut:
        """The cut. Raises EditError: cut-missing, cut-unreadable or rate-unknown."""
        shown = str(self._path)
        try:
            with collector_off():
                return self._read(shown)
        except EditError as error:
            raise in_file(error, shown) from error
        except MemoryError as error:
            raise unreadable(shown, "more memory is needed than there is") from error
        except RecursionError as error:
            raise unreadable(shown, "nested too deep to be read here") from error
        except OSError as error:
            # A name that is too long, a folder that may not be entered: found out before anything is opened.
            raise unreadable(shown, f"cannot be opened: {error.strerror or error}") from error

    def _read(self, shown: str) -> Cut:
        if "\0" in shown:
            raise missing(shown)
        if self._path.exists() and not (self._path.is_file() or self._path.is_dir()):
            # Opening a pipe would wait for ever.
            raise unreadable("", "not a regular file")
        suffix = self._path.suffix.lower()
        if self._path.is_dir() and suffix == ".fcpxmld":
            return _xml(bundles.project_of_folder(self._path), shown, self._rate)
        if self._path.is_dir():
            return _read_otio(read_parts(bundles.content_of_folder(self._path)), shown, self._path.stem)
        reader = _READERS.get(suffix)
        if reader is None:
            if not self._path.exists():
                raise missing(shown)
            formats = ", ".join(sorted(_READERS))
            raise unreadable("", f"not a format of edits: {suffix or 'no suffix'} (known: {formats})")
        if self._index is None or suffix not in OWN_FORMATS:
            return reader(self._path, shown, self._rate)
        known = self._index.find(self._path, self._rate)
        if known is None:
            known = reader(self._path, shown, self._rate)
            self._index.keep(known, self._path, self._rate)
        return known


def _otio(path: Path, shown: str, rate: Fraction | None) -> Cut:  # noqa: ARG001 - one form for all readers
    return _read_otio(read_parts(path), shown, path.stem)


def _read_otio(parts: Iterator[bytes], shown: str, name: str) -> Cut:
    digest = hashlib.sha256()
    tree = parse_parts(told_ahead(parts, digest.update))
    return read_cut(tree, path=shown, name=name, sha256=digest.hexdigest())


def _otioz(path: Path, shown: str, rate: Fraction | None) -> Cut:  # noqa: ARG001 - one form for all readers
    digest = hashlib.sha256()
    try:
        with path.open("rb") as stream:
            if os.fstat(stream.fileno()).st_size > _MAX_BUNDLE:
                raise unreadable("", f"larger than {_MAX_BUNDLE} bytes")
            while part := stream.read(_CHUNK):
                digest.update(part)
            stream.seek(0)
            raw = bundles.content_of_zip(stream, MAX_BYTES)
    except FileNotFoundError as error:
        raise missing(shown) from error
    except OSError as error:
        raise unreadable("", f"cannot be opened: {error.strerror or error}") from error
    return read_cut(parse(raw), path=shown, name=path.stem, sha256=digest.hexdigest())


def _edl(path: Path, shown: str, rate: Fraction | None) -> Cut:
    raw = read_bytes(path, _MAX_LIST)
    events = read_edl(raw, rate)
    return read_cut(
        timeline_of(events),
        path=shown,
        name=path.stem,
        sha256=hashlib.sha256(raw).hexdigest(),
        notes=events.notes,
    )


def _ale(path: Path, shown: str, rate: Fraction | None) -> Cut:
    raw = read_bytes(path, _MAX_TEXT)
    log = avid_log(raw)
    if rate is None and not log.says_rate:
        raise rate_unknown("", "this ALE does not say its frame rate")
    arguments = () if rate is None else (("fps", float(rate)),)
    which = adapter.Adapter("otio_ale_adapter.ale", ".ale", "utf-8", arguments)
    return _adapted(raw, which, path, shown, log.text.encode("utf-8", "replace"))


def _xml(path: Path, shown: str, rate: Fraction | None) -> Cut:
    """Final Cut 7 or X, whatever the suffix says."""
    raw = read_bytes(path, _MAX_TEXT)
    if refuse_entities(raw) != "fcpxml":
        return _adapted(raw, _XML, path, shown)
    project = read_fcpxml(raw, rate)
    digest = hashlib.sha256(raw).hexdigest()
    return read_cut(project.tree, path=shown, name=path.stem, sha256=digest, notes=project.notes)


def _aaf(path: Path, shown: str, rate: Fraction | None) -> Cut:  # noqa: ARG001 - one form for all readers
    return _adapted(read_bytes(path), _AAF, path, shown)


def _adapted(raw: bytes, which: adapter.Adapter, path: Path, shown: str, text: bytes = b"") -> Cut:
    """What the adapter makes of the file, or of its text."""
    if not raw:
        raise unreadable("", "the file is empty")
    tree = parse(adapter.run(text or raw, which))
    if which is _XML:
        tree = with_switches(tree)
    elif which.suffix == ".ale":
        tree = with_files(tree)
    return read_cut(tree, path=shown, name=path.stem, sha256=hashlib.sha256(raw).hexdigest())


_READERS: dict[str, Callable[[Path, str, Fraction | None], Cut]] = {
    ".otio": _otio,
    ".json": _otio,
    ".otioz": _otioz,
    ".edl": _edl,
    ".ale": _ale,
    ".xml": _xml,
    ".fcpxml": _xml,
    ".aaf": _aaf,
}
# Read by our own code alone: what an adapter makes of a file may change with the adapter.
OWN_FORMATS = frozenset({".otio", ".json", ".otioz", ".edl", ".fcpxml"})


def read_bytes(path: Path, most: int = MAX_BYTES) -> bytes:
    """The file's bytes. Raises EditError when there is no such regular file, or it is larger than `most` bytes."""
    return b"".join(read_parts(path, most))


def read_parts(path: Path, most: int = MAX_BYTES) -> Iterator[bytes]:
    """The file's bytes, part by part. Raises EditError as `read_bytes` does."""
    left = most
    try:
        with path.open("rb") as stream:
            if os.fstat(stream.fileno()).st_size > most:
                raise unreadable("", f"larger than {most} bytes")
            while part := stream.read(PART_BYTES):
                left -= len(part)
                if left < 0:  # it grew while it was read
                    raise unreadable("", f"larger than {most} bytes")
                yield part
    except FileNotFoundError as error:
        raise missing(str(path)) from error
    except OSError as error:
        raise unreadable("", f"cannot be opened: {error.strerror or error}") from error
