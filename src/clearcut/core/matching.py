"""Which registered asset a path, a piece of metadata or a reference is: every source of evidence in one place.

Knows nothing of cuts and shots. A registered asset always counts, whatever is declared not to be a replica; that
declaration only silences a suspicion.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from clearcut.core import paths
from clearcut.core.freezing import new
from clearcut.core.globs import GlobIndex, levelled
from clearcut.core.registry import Recognition
from clearcut.core.replica import Asset, Match, MatchKind
from clearcut.core.use import EvidenceKind

# Whatever lies in such a file may be a face or a voice, so each is a suspect until somebody answers for it.
MODEL_SUFFIXES = (".cat", ".onnx", ".safetensors", ".pt", ".pth", ".ckpt")

# A whole path from a root, in one line: notes that only mention one are no evidence.
_LOOKS_LIKE_A_PATH = re.compile(r"(?:/|\\\\|[A-Za-z]:[/\\]|[A-Za-z][A-Za-z0-9+.-]*:/)[^\r\n]*\Z")

EVIDENCE_OF = {
    MatchKind.PATH: EvidenceKind.PATH,
    MatchKind.SHA256: EvidenceKind.SHA256,
    MatchKind.METADATA: EvidenceKind.METADATA,
    MatchKind.ENTITY: EvidenceKind.ENTITY,
}


class Found(NamedTuple):
    """An asset that was recognised: `value` is what stood there, as it was written; `key` its dotted key or "".

    `model`: it was recognised by the path of an ML model.
    """

    asset: Asset
    value: str
    key: str = ""
    model: bool = False


class PathFinding(NamedTuple):
    """What one written path turned out to be.

    `suspect` is True when it looks like a replica, is none that is registered, and nobody said it is none.
    `model` is True for an ML model's suffix. `changed` are replicas of which this very file is registered with
    another content.
    """

    found: tuple[Found, ...] = ()
    suspect: bool = False
    model: bool = False
    changed: tuple[str, ...] = ()


NOTHING = PathFinding()


def is_model(path: str) -> bool:
    """Whether a path or URL is that of an ML model, by its suffix."""
    return _is_model(paths.forms(path))


def _is_model(forms: Iterable[str]) -> bool:
    return any(form.rstrip("/").endswith(MODEL_SUFFIXES) for form in forms)


class PathGlobs:
    """Path globs as people write them, held against paths as programs write them."""

    def __init__(self, globs: Iterable[str]) -> None:
        normal = [paths.normal_pattern(glob) for glob in globs]
        self._index = GlobIndex(normal)
        # A pattern with a frame token is also meant for the other tokens, and for one frame by its number.
        # Most registries have none: all are asked at once, for no token reaches beyond a line.
        any_framed = paths.has_frame_token("\n".join(normal))
        self._framed = (
            [n for n, glob in enumerate(normal) if paths.has_frame_token(glob)] if any_framed else []
        )
        self._frames = GlobIndex(paths.frame_form(normal[number]) for number in self._framed)

    def lead_nowhere(self, forms: Sequence[str]) -> bool:
        """Whether no glob can match the forms of a path, nor those of one that differs in digits alone."""
        return not self._framed and all(self._index.leads_nowhere(form) for form in forms)

    def matching(self, forms: Sequence[str]) -> tuple[int, ...]:
        """The numbers of the globs that match any of a path's `paths.forms`, ascending."""
        if len(forms) == 1 and not self._framed:
            return self._index.matching(forms[0])
        numbers = {number for form in forms for number in self._index.matching(form)}
        if self._framed:
            for form in forms:
                numbers.update(self._framed[n] for n in self._frames.matching(paths.frame_form(form)))
        return tuple(sorted(numbers))


class Recogniser:
    """Recognises registered assets and suspects.

    `suspects` are the rule file's path globs. `folder` is the edit's, for relative paths. `hashes` give the sha256
    of files that somebody looked at, by the path as it is written.
    """

    def __init__(
        self,
        recognition: Recognition,
        suspects: Iterable[str] = (),
        *,
        folder: str = "",
        hashes: Mapping[str, str] | None = None,
    ) -> None:
        by_kind: dict[MatchKind, list[Asset]] = {kind: [] for kind in MatchKind}
        for asset in recognition.assets:
            by_kind[asset.match.kind].append(asset)
        excused = [declared.match for declared in recognition.not_replicas]
        self._path_assets = by_kind[MatchKind.PATH]
        # One index for all three kinds of globs: each path is walked once. Assets first, then suspects, then excuses.
        self._suspects_from = len(self._path_assets)
        looks = tuple(suspects)
        self._excuses_from = self._suspects_from + len(looks)
        self._globs = PathGlobs(
            [
                *(asset.match.value for asset in self._path_assets),
                *looks,
                *(m.value for m in excused if m.kind is MatchKind.PATH),
            ]
        )
        # An excuse for one version of an entity is none for the others.
        self._excused_values = {
            m.value if "?" in m.value or "#" in m.value else _entity(m.value)
            for m in excused
            if m.kind in (MatchKind.SHA256, MatchKind.ENTITY)
        }
        self._excused_by_key = [
            (tuple(m.key.split(".")), m.value) for m in excused if m.kind is MatchKind.METADATA
        ]
        self._by_value = _by_value(by_kind[MatchKind.SHA256] + by_kind[MatchKind.ENTITY])
        self._by_key = _by_key(by_kind[MatchKind.METADATA])
        self.reads_metadata = bool(self._by_value or self._by_key)
        self._hashed = {a.replica for a in by_kind[MatchKind.SHA256]}
        self._folder = folder
        self._hashes = {paths.normal_path(path): sha.lower() for path, sha in (hashes or {}).items()}
        self._paths: dict[str, PathFinding] = {}
        # By what paths that mean alike have in common: what is no path of interest whatever its digits (most of a
        # cut is found here), and what is meant as it is written but for case and backslashes, and whether that is
        # a model.
        self.dull: set[bytes] = set()
        self._straight: dict[bytes, bool] = {}

    def path(self, written: str) -> PathFinding:
        """What a path or URL, as written in an edit or a scene, is."""
        alike = _alike(written)
        if alike in self.dull:
            return NOTHING
        finding = self._paths.get(written)
        if finding is None:
            model = self._straight.get(alike)
            if model is not None:
                finding = self._look_at(written, (_straight(written),), model=model)
            else:
                forms = paths.forms(written, self._folder)
                model = _is_model(forms)
                finding = self._look_at(written, forms, model=model)
                self._learn(alike, written, forms, model=model, nothing=finding is NOTHING)
            self._paths[written] = finding
        return finding

    def _learn(
        self, alike: bytes, written: str, forms: tuple[str, ...], *, model: bool, nothing: bool
    ) -> None:
        """Remembers what holds for every path that means alike."""
        if not forms or paths.also_opened_as(written):
            return
        if forms == (_straight(written),) and written.isascii():
            self._straight[alike] = model
        # Not where whole texts are looked up.
        looked_up = self._by_value or self._hashes
        if nothing and not looked_up and self._globs.lead_nowhere(forms):
            self.dull.add(alike)

    def _look_at(self, written: str, forms: tuple[str, ...], *, model: bool) -> PathFinding:
        if not forms:
            return NOTHING
        numbers = self._globs.matching(forms)
        identified = self._by_value.get(_entity(written), ()) if self._by_value else ()
        if not numbers and not model and not identified and not self._hashes:
            return NOTHING
        matched = [self._path_assets[number] for number in numbers if number < self._suspects_from]
        sha256 = self._sha256_of(forms) if self._hashes else ""
        found = [new(Found, (asset, written, "", model)) for asset in (*matched, *identified)]
        if sha256:
            found.extend([Found(asset, sha256) for asset in self._by_value.get(sha256, ())])
        suspect = not found and self._is_suspect(written, sha256, numbers, model=model)
        different = self._changed(matched, sha256) if sha256 else ()
        return new(PathFinding, (tuple(found), suspect, model, different))

    def _sha256_of(self, forms: Sequence[str]) -> str:
        """The content of the first of the forms that somebody looked at, "" where nobody did."""
        return next((self._hashes[form] for form in forms if form in self._hashes), "")

    def _is_suspect(self, written: str, sha256: str, numbers: tuple[int, ...], *, model: bool) -> bool:
        """Whether a path that is none of the registered looks like a replica, and nobody answers for it."""
        looks = model or any(self._suspects_from <= number < self._excuses_from for number in numbers)
        excused = bool(numbers) and numbers[-1] >= self._excuses_from
        return looks and not excused and not self._is_excused(written, sha256)

    def _is_excused(self, written: str, sha256: str) -> bool:
        return sha256 in self._excused_values or _entity(written) in self._excused_values

    def _changed(self, matched: Sequence[Asset], sha256: str) -> tuple[str, ...]:
        """The replicas that register this one file by its path, and its content by other hashes than `sha256`."""
        known = {asset.replica for asset in self._by_value.get(sha256, ())}
        return tuple(
            sorted(
                {a.replica for a in matched if not _has_wildcard(a.match.value) and a.replica in self._hashed}
                - known
            )
        )

    def metadata(self, metadata: Mapping[str, Any]) -> list[Found]:
        """The assets that a metadata mapping names, by a registered key or by an identity anywhere in it."""
        found: list[Found] = []
        if not metadata:
            return found
        if self._by_key:
            # Most metadata has not even the first step, and this runs for every clip.
            flat = any("." in key for key in metadata)
            for steps, wanted in self._by_key:
                if flat or steps[0] in metadata:
                    for value in values_at(metadata, steps):
                        found.extend(_named(wanted.get(value, ()), value, ".".join(steps)))
        if self._by_value:
            for key, value in strings_in(metadata):
                found.extend(_named(self._by_value.get(_entity(value), ()), value, key))
        return found

    def paths_in(self, metadata: Mapping[str, Any]) -> list[tuple[str, str, PathFinding]]:
        """(dotted key, text, what it is) of texts in metadata of a clip or its media that are whole paths or URLs.

        Programs that conform to a proxy keep the path of what it stands for there, others the model they ran.
        """
        if not _has_slashes(metadata):  # most has none, and keys are not put together for it
            return []
        return [
            (key, text, finding)
            for key, text in strings_in(metadata)
            if _LOOKS_LIKE_A_PATH.match(text) and (finding := self.path(text)) is not NOTHING
        ]

    def is_excused_by(self, *several: Mapping[str, Any]) -> bool:
        """Whether one of these metadata mappings says of what it belongs to that it is no replica."""
        return any(
            value in values_at(metadata, steps)
            for steps, value in self._excused_by_key
            for metadata in several
        )

    def is_excused_by_pairs(self, pairs: Iterable[tuple[str, str]]) -> bool:
        """The same for the dotted keys and values of a scene's node."""
        excuses = {(".".join(steps), value) for steps, value in self._excused_by_key}
        return any(pair in excuses for pair in pairs)

    def pair(self, key: str, value: str) -> list[Found]:
        """The assets that one dotted key with its value names, as scenes carry them."""
        found = [
            one
            for steps, wanted in self._by_key
            if ".".join(steps) == key
            for one in _named(wanted.get(value, ()), value, key)
        ]
        found.extend(_named(self._by_value.get(_entity(value), ()), value, key))
        return found


def _alike(written: str) -> bytes:
    """The same for all paths that mean alike: that differ in digits alone, but not in those of a URL's escapes.

    No text that is only levelled is the same as one with escapes: 0xFF stands in no UTF-8.
    """
    alike = levelled(written)
    if ":" in written and "%" in written:
        escapes = "".join([part[:2] for part in written.split("%")[1:]])
        return alike + b"\xff" + escapes.encode("utf-8", "surrogatepass")
    return alike


def _straight(written: str) -> str:
    """A path that is meant as it is written."""
    return written.lower().replace("\\", "/")


def _named(assets: Iterable[Asset], value: str, key: str) -> list[Found]:
    """Assets that a piece of metadata names; some programs keep the path of a model there."""
    return [Found(asset, value, key, is_model(value)) for asset in assets]


def _has_wildcard(glob: str) -> bool:
    return any(sign in glob for sign in "*?[")


def _entity(value: str) -> str:
    """An identity as it is filed: a sha256 in lower case; a reference without query, fragment and last slash.

    A scheme is the same in any case.
    """
    text = value.strip()
    if len(text) == 64:
        return text.lower()
    scheme, mark, rest = text.partition("://")
    if mark and scheme.lower() != "file":
        return f"{scheme.lower()}://{rest.partition('#')[0].partition('?')[0].rstrip('/')}"
    return text


def _value_key(match: Match) -> str:
    return match.value.lower() if match.kind is MatchKind.SHA256 else match.value


def _by_value(assets: Iterable[Asset]) -> dict[str, tuple[Asset, ...]]:
    filed: dict[str, tuple[Asset, ...]] = {}
    for asset in assets:
        key = _value_key(asset.match)
        filed[key] = (*filed.get(key, ()), asset)
        plain = _entity(key)
        if plain != key:
            filed[plain] = (*filed.get(plain, ()), asset)
    filed.pop("", None)
    return filed


def _by_key(assets: Iterable[Asset]) -> list[tuple[tuple[str, ...], dict[str, tuple[Asset, ...]]]]:
    filed: dict[tuple[str, ...], dict[str, tuple[Asset, ...]]] = {}
    for asset in assets:
        wanted = filed.setdefault(tuple(asset.match.key.split(".")), {})
        wanted[asset.match.value] = (*wanted.get(asset.match.value, ()), asset)
    return sorted(filed.items())


def values_at(node: Any, steps: Sequence[str]) -> Iterator[str]:
    """The plain values under a dotted key, as text; lists on the way and at its end are looked through.

    Some programs write the dots into one flat key (`foundry.source.shot`): several steps may be one key.
    """
    if isinstance(node, (list, tuple)):
        for item in node:
            yield from values_at(item, steps)
    elif not steps:
        text = plain_text(node)
        if text is not None:
            yield text
    elif isinstance(node, Mapping):
        for taken in range(1, len(steps) + 1):
            key = ".".join(steps[:taken])
            if key in node:
                yield from values_at(node[key], steps[taken:])


_SCALARS = frozenset((int, float, bool, type(None)))


def _has_slashes(metadata: Mapping[str, Any]) -> bool:
    """Whether any text in nested metadata holds a slash, as every path does."""
    waiting: list[Any] = [metadata]
    # `dict` is asked for first: `Mapping` alone takes four times as long to tell one.
    for node in waiting:  # it grows on the way
        for value in node.values() if isinstance(node, (dict, Mapping)) else node:
            if isinstance(value, str):
                if "/" in value or "\\" in value:
                    return True
            elif value.__class__ not in _SCALARS and isinstance(value, (dict, list, tuple, Mapping)):
                waiting.append(value)
    return False


def plain_text(value: Any) -> str | None:
    """A JSON scalar as people would write it in a registry; None for null and for what is no scalar."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return None


def strings_in(metadata: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every text in nested metadata with its dotted key; not by recursion, however deep it is."""
    waiting: list[tuple[str, Any]] = [("", metadata)]
    while waiting:
        where, node = waiting.pop()
        if isinstance(node, str):
            yield where, node
        elif isinstance(node, Mapping):
            prefix = f"{where}." if where else ""
            waiting.extend((f"{prefix}{key}", value) for key, value in node.items())
        elif isinstance(node, (list, tuple)):
            waiting.extend((where, value) for value in node)
