"""Where edits write a shot's name, manner by manner; the rule file chooses and orders them.

Each extractor yields the names it finds in one clip, with their places. None of them decides: that is `shots`.
What an extractor cannot make sense of is not a name, and never an error.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from clearcut.core.cut import Clip, Metadata
from clearcut.core.declared import clean_name
from clearcut.core.matching import plain_text, values_at
from clearcut.core.rules import EXTRACTORS, MAX_NAME_CHARS, ShotNaming
from clearcut.core.words import unknown_word
from clearcut.errors import Fault, RulesError

_MAX_JSON_CHARS = 1_000_000
# A comment is a name only if it is one word with a digit, as in `* 079_HA_0030` or `* COMMENT : 079_HA_0030`.
_BARE_NAME = re.compile(r"(?:COMMENTS?\s*:\s*)?([A-Za-z0-9][\w.-]*)", re.IGNORECASE)


class Candidate(NamedTuple):
    """A name that something gives a clip: `kind` is "clearcut" or an extractor's word, `where` its place."""

    kind: str
    where: str
    name: str
    sequence: str | None = None
    episode: str | None = None
    version: str | None = None


class Extractor(NamedTuple):
    """One manner. `only_as_last_resort`: it is asked only when those before it found nothing.

    `of_markers`: it has nothing to say of a clip without markers, and need not be asked.
    """

    kind: str
    find: Callable[[Clip], Iterable[Candidate]]
    only_as_last_resort: bool = False
    of_markers: bool = False


_OF_MARKERS = frozenset({"marker_json", "resolve_note", "loc_markers"})


def extractors_for(naming: ShotNaming) -> tuple[Extractor, ...]:
    """The extractors of a rule file, in its order.

    Where patterns say what a shot's name looks like, a clip's name that fits none of them is a name only when
    nothing else gives one; without patterns it counts like the others, and may disagree with them.

    Raises RulesError on an unknown word, and on a pattern that is no regular expression or has no group `shot`.
    """
    patterns = _compiled(naming.patterns)
    by_kind: dict[str, Callable[[Clip], Iterable[Candidate]]] = {
        "metadata_paths": _metadata_paths(naming.metadata_paths),
        "patterns": _patterns(patterns),
        "clip_name": own_name,
        "marker_json": _marker_json,
        "resolve_note": _resolve_note,
        "sg": _metadata_paths(("sg.shot.code",), "sg"),
        "edl_comments": _edl_comments(patterns),
        "loc_markers": _loc_markers(patterns),
        "stack_name": _stack_name,
    }
    wrong = [unknown_word("extractor", word, EXTRACTORS) for word in naming.extractors]
    faults = tuple(Fault(f"shots.extractors[{n}]", said) for n, said in enumerate(wrong) if said is not None)
    if faults:
        raise RulesError(faults)
    return tuple(
        Extractor(kind, by_kind[kind], kind == "clip_name" and bool(patterns), kind in _OF_MARKERS)
        for kind in dict.fromkeys(naming.extractors)
        if (kind != "metadata_paths" or naming.metadata_paths) and (kind != "patterns" or patterns)
    )


def shot_in_name(name: str, naming: ShotNaming) -> Candidate | None:
    """What the rule file's patterns find in a name; the first that fits wins, None when none does."""
    return _first_fitting(name, _compiled(naming.patterns), "")


def _compiled(patterns: Iterable[str]) -> tuple[re.Pattern[str], ...]:
    compiled: list[re.Pattern[str]] = []
    faults: list[Fault] = []
    for number, pattern in enumerate(patterns):
        where = f"shots.patterns[{number}]"
        try:
            one = re.compile(pattern)
        except re.error as error:
            faults.append(Fault(where, f"no regular expression: {error}"))
            continue
        if "shot" not in one.groupindex:
            faults.append(Fault(where, "has no group 'shot', as in (?P<shot>...)"))
        compiled.append(one)
    if faults:
        raise RulesError(tuple(faults))
    return tuple(compiled)


def _first_fitting(text: str, patterns: Iterable[re.Pattern[str]], where: str) -> Candidate | None:
    for pattern in patterns if len(text) <= MAX_NAME_CHARS else ():
        match = pattern.search(text)
        if match and (name := clean_name(match["shot"] or "")):
            groups = match.groupdict()
            return Candidate(
                "patterns",
                where,
                name,
                groups.get("sequence") or None,
                groups.get("episode") or None,
                groups.get("version") or None,
            )
    return None


def _patterns(patterns: tuple[re.Pattern[str], ...]) -> Callable[[Clip], Iterable[Candidate]]:
    def find(clip: Clip) -> Iterable[Candidate]:
        found = _first_fitting(clip.name, patterns, f"{clip.where}.name")
        return () if found is None else (found,)

    return find


def own_name(clip: Clip) -> tuple[Candidate, ...]:
    """What the clip's own name says: empty where it is blank."""
    name = clean_name(clip.name)
    return () if name is None else (Candidate("clip_name", f"{clip.where}.name", name),)


def _stack_name(clip: Clip) -> Iterable[Candidate]:
    around = clip.enclosure  # by hand: it runs for every clip, and a generator costs more than the loop
    while around is not None:
        if around.kind == "stack" and (name := clean_name(around.name)):
            return (Candidate("stack_name", f"{around.where}.name", name),)
        around = around.parent
    return ()


def _metadata_paths(
    keys: tuple[str, ...], kind: str = "metadata_paths"
) -> Callable[[Clip], Iterable[Candidate]]:
    """Configured dotted keys: in the clip and its references, else in the nearest stack that has one."""
    split = [(key, tuple(key.split("."))) for key in keys]
    # A dotted key may be one key, or begin with one: metadata that has none of these has no name.
    begins = {".".join(steps[: n + 1]) for _, steps in split for n in range(len(steps))}

    def silent(clip: Clip) -> bool:
        if not begins.isdisjoint(clip.metadata):
            return False
        for reference in clip.references:
            if not begins.isdisjoint(reference.metadata):
                return False
        around = clip.enclosure
        while around is not None:
            if around.kind == "stack" and not begins.isdisjoint(around.metadata):
                return False
            around = around.parent
        return True

    def find(clip: Clip) -> Iterable[Candidate]:
        if silent(clip):
            return ()
        found: list[Candidate] = []
        for key, steps in split:
            here = [(clip.where, clip.metadata)]
            here += [(f"{clip.where}.media_references[{r.key}]", r.metadata) for r in clip.references]
            named = [c for where, metadata in here for c in _at(metadata, steps, where, key, kind)]
            for around in clip.enclosures() if not named else ():
                if around.kind == "stack" and not named:
                    named = list(_at(around.metadata, steps, around.where, key, kind))
            found.extend(named)
        return found

    return find


def _at(metadata: Metadata, steps: tuple[str, ...], where: str, key: str, kind: str) -> Iterator[Candidate]:
    if metadata:
        for text in values_at(metadata, steps):
            if name := clean_name(text):
                yield Candidate(kind, f"{where}.metadata.{key}", name)


def _marker_json(clip: Clip) -> Iterable[Candidate]:
    """AYON's and OpenPype's data in Hiero: a marker with a JSON text under `json_metadata`."""
    for number, marker in enumerate(clip.markers):
        where = f"{clip.where}.markers[{number}].metadata.json_metadata"
        yield from _pipeline_names(_json(marker.metadata.get("json_metadata")), where, "marker_json")


def _resolve_note(clip: Clip) -> Iterable[Candidate]:
    """AYON's data in Resolve: a JSON text in the note of a marker, or plain text that is one name."""
    for number, marker in enumerate(clip.markers):
        said = marker.metadata.get("Resolve_OTIO")
        note = said.get("Note") if isinstance(said, Mapping) else None
        where = f"{clip.where}.markers[{number}].metadata.Resolve_OTIO.Note"
        read = _json(note)
        if read is not None:
            yield from _pipeline_names(read, where, "resolve_note")
        elif isinstance(note, str) and (name := _bare_name(note)):
            yield Candidate("resolve_note", where, name)


def _json(text: Any) -> Any:
    if not isinstance(text, str) or len(text) > _MAX_JSON_CHARS or text.lstrip()[:1] != "{":
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _pipeline_names(read: Any, where: str, kind: str) -> Iterator[Candidate]:
    """The shot of each product that a pipeline's marker describes: the folder's last part, or the asset."""
    if not isinstance(read, Mapping):
        return
    products = [read]
    for key in ("hiero_sub_products", "resolve_sub_products"):
        inner = read.get(key)
        if isinstance(inner, Mapping):
            products.extend(product for product in inner.values() if isinstance(product, Mapping))
    for product in products:
        folder, asset = product.get("folderPath"), product.get("asset")
        named = folder if isinstance(folder, str) and folder.strip("/ ") else asset
        if isinstance(named, str) and (name := clean_name(named.rstrip("/ ").rpartition("/")[2])):
            hierarchy = product.get("hierarchyData")
            levels = hierarchy if isinstance(hierarchy, Mapping) else {}
            yield Candidate(kind, where, name, _level(levels, "sequence"), _level(levels, "episode"))


def _level(levels: Mapping[str, Any], key: str) -> str | None:
    text = plain_text(levels.get(key))
    return clean_name(text) if text and "{" not in text and "#" not in text else None


def _edl_comments(patterns: tuple[re.Pattern[str], ...]) -> Callable[[Clip], Iterable[Candidate]]:
    def find(clip: Clip) -> Iterable[Candidate]:
        said = clip.metadata.get("cmx_3600")
        comments = said.get("comments") if isinstance(said, Mapping) else None
        return read(clip, comments) if comments else ()

    def read(clip: Clip, comments: object) -> Iterator[Candidate]:
        for number, comment in enumerate(comments if isinstance(comments, (list, tuple)) else ()):
            where = f"{clip.where}.metadata.cmx_3600.comments[{number}]"
            yield from _named_by(comment, patterns, where, "edl_comments")

    return find


def _loc_markers(patterns: tuple[re.Pattern[str], ...]) -> Callable[[Clip], Iterable[Candidate]]:
    def find(clip: Clip) -> Iterable[Candidate]:
        for number, marker in enumerate(clip.markers):
            if "cmx_3600" in marker.metadata:
                where = f"{clip.where}.markers[{number}].name"
                yield from _named_by(marker.name, patterns, where, "loc_markers")

    return find


def _named_by(text: Any, patterns: tuple[re.Pattern[str], ...], where: str, kind: str) -> Iterator[Candidate]:
    """A name in free text: what the patterns find, or without patterns a text that is nothing but one name."""
    if not isinstance(text, str):
        return
    if patterns:
        found = _first_fitting(text, patterns, where)
        if found is not None:
            yield found._replace(kind=kind)
    elif name := _bare_name(text):
        yield Candidate(kind, where, name)


def _bare_name(text: str) -> str | None:
    match = _BARE_NAME.fullmatch(text.strip())
    return match[1] if match and any(char.isdigit() for char in match[1]) else None
