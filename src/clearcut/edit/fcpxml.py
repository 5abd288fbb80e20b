"""Final Cut Pro X projects (.fcpxml 1.5 to 1.14) as the OTIO JSON that the walker reads.

Not read through OpenTimelineIO's adapter: that loses the media of every file since version 1.9, all events but the
first, titles, multicams and auditions, and counts 29.97 as 29 (docs/decisions/0014). Source: Apple's DTD.
What the file does not tell is refused with the name of the element, or said to be unknown; never left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple
from xml.etree import ElementTree as ET
from xml.etree.ElementTree import Element

from clearcut.edit.faults import rate_unknown, shown, unreadable
from clearcut.edit.fcpxml_layers import Dissolve, Layers, Placed
from clearcut.edit.fcpxml_values import (
    UNKNOWN,
    Consumed,
    about,
    frame_rate,
    lane_of,
    marker,
    place,
    retimed,
    seconds,
)
from clearcut.edit.otio_json import Json, otio, time

_LEAVES = frozenset({"asset-clip", "video", "audio", "title", "live-drawing"})
_CONTAINERS = frozenset({"clip", "sync-clip"})
_REFERRING = frozenset({"ref-clip", "mc-clip"})
_STORY = _LEAVES | _CONTAINERS | _REFERRING | {"gap", "audition", "spine"}
_SEQUENCED = frozenset({"sequence", "multicam"})
# One compound clip may hold another many times: what a few lines stand for can be more than any machine holds.
_MOST_ITEMS = 200_000
_MOST_LEVELS = 40
# So much of what lies around a trim is kept, for the dissolves at its ends: no dissolve is longer.
_HANDLES = Fraction(120)


class Project(NamedTuple):
    """The whole file as OTIO JSON. `notes` say what was left out on purpose."""

    tree: Json
    notes: tuple[str, ...]


def read_fcpxml(raw: bytes, rate: Fraction | None) -> Project:
    """The projects of the file, or its clips where it has none; `rate` is for formats that do not say theirs.

    The file's declarations must have been looked at (`xml_guard`). Raises EditError.
    """
    try:
        root = ET.fromstring(raw)  # noqa: S314 - entities were refused before
    except ET.ParseError as error:
        raise unreadable(f"line {error.position[0]}", "not XML that can be read") from error
    if root.tag != "fcpxml":
        raise unreadable("", f"not a project of Final Cut Pro X: its root is <{root.tag[:40]}>")
    reader = _Reader(root, rate)
    bins = [root, *root.iter("event")]
    browsed = [one for each in bins for one in each if one.tag in _STORY]
    projects = [reader.project(one) for one in root.iter("project")]
    if not projects:
        return Project(_collection(root, [reader.alone(one) for one in browsed]), ())
    notes = (f"{len(browsed)} clips lie in events and in no project: not in the cut",) if browsed else ()
    return Project(projects[0] if len(projects) == 1 else _collection(root, projects), notes)


def _collection(root: Element, children: list[Json]) -> Json:
    event = next(root.iter("event"), root)
    return otio("SerializableCollection", name=event.get("name", ""), children=children)


class _Reader:
    """Reads story elements; knows the file's resources."""

    def __init__(self, root: Element, rate: Fraction | None) -> None:
        self._resources: dict[str, Element] = {}
        for one in [one for each in root.iter("resources") for one in each]:
            if self._resources.setdefault(str(one.get("id")), one) is not one:
                raise unreadable(place(one), f"two resources are called {shown(one.get('id'))}")
        # A part of a clip may have neither name nor length of its own: the innermost clip around it has them.
        self._clip_around = {
            part: clip
            for clip in root.iter()
            if clip.tag in _CONTAINERS
            for part in clip.iter()
            if part.tag in _LEAVES and part is not clip
        }
        self._rate = rate
        # What a compound clip or an angle holds is the same wherever it is used.
        self._held: dict[tuple[Element, Fraction | None], Layers] = {}

    def project(self, element: Element) -> Json:
        """A timeline. Raises EditError when there is no sequence in the project."""
        sequences = element.findall("sequence")
        if len(sequences) != 1:
            raise unreadable(place(element), f"a project with {len(sequences) or 'no'} sequences")
        sequence = sequences[0]
        layers = self._sequence(sequence, None, 0)
        if layers.size > _MOST_ITEMS:
            raise unreadable(place(element), "it holds more clips than can be read")
        first = layers.first
        return otio(
            "Timeline",
            name=element.get("name", ""),
            global_start_time=time(round(first * layers.rate), layers.rate),
            metadata=about(sequence),
            tracks=layers.stack("tracks", first),
        )

    def alone(self, element: Element) -> Json:
        """A clip that lies in no project, with what is connected to it.

        A still has no rate: its seconds are put on the frames of a rate that is in the file.
        """
        rates = (frame_rate(one) for one in self._resources.values() if one.tag == "format")
        layers = Layers(self._rate_of(element, self._rate or next(filter(None, rates), None)))
        self._item(element, Fraction(0), 0, layers, 0)
        return layers.stack(element.get("name", ""), layers.first)

    def _sequence(self, element: Element, around: Fraction | None, level: int) -> Layers:
        layers = Layers(self._rate_of(element, around))
        for spine in element.findall("spine"):
            self._storyline(spine, Fraction(0), 0, layers, level)
        return layers

    def _once(self, element: Element, rate: Fraction, level: int) -> Layers:
        """The content of a sequence or an angle, read once."""
        key = (element, rate)
        if key not in self._held:
            if element.tag == "sequence":
                self._held[key] = self._sequence(element, rate, level)
            else:
                layers = Layers(rate)
                self._storyline(element, Fraction(0), 0, layers, level)
                self._held[key] = layers
        return self._held[key]

    def _storyline(self, spine: Element, at: Fraction, lane: int, into: Layers, level: int) -> None:
        """What lies one after another in a spine or angle that begins `at`."""
        behind = at
        for one in spine:
            begins = seconds(one, "offset")
            here = behind if begins is None else at + begins
            if one.tag == "transition":
                into.dissolves.append(Dissolve(lane, here, here + self._length(one)))
            elif one.tag in _STORY:
                self._item(one, here, lane, into, level)
                behind = here + self._length(one)
            else:
                _refuse_unknown(one, "offset", "lane", "ref", "duration")

    def _item(self, element: Element, at: Fraction, lane: int, into: Layers, level: int) -> None:
        """Places one story element and all that is connected to it."""
        if level > _MOST_LEVELS:
            raise unreadable(place(element), f"clips inside each other, deeper than {_MOST_LEVELS} levels")
        if element.tag == "spine":
            self._storyline(element, at, lane, into, level + 1)
            return
        picked = self._picked(element)
        length, start = self._length(picked), seconds(picked, "start") or Fraction(0)
        into.reach(at, at + length)
        if picked.tag != "gap" and length > 0:
            into.placed.append(self._placed(picked, element, at, lane, into.rate, level + 1))
        for one in picked:
            if one.tag not in _STORY:
                _refuse_unknown(one, "offset", "lane")
                continue
            own = lane_of(one)
            if own or picked.tag not in _CONTAINERS:
                self._item(one, at + (self._offset(one) - start), lane + own, into, level + 1)

    def _offset(self, element: Element) -> Fraction:
        return seconds(element, "offset") or Fraction(0)

    def _picked(self, element: Element) -> Element:
        """The pick of an audition is its first clip; anything else is itself."""
        if element.tag != "audition":
            return element
        found = next((one for one in element if one.tag in _STORY - {"spine", "audition"}), None)
        if found is None:
            raise unreadable(place(element), "an audition without a clip")
        return found

    def _placed(
        self, element: Element, around: Element, at: Fraction, lane: int, rate: Fraction, level: int
    ) -> Placed:
        end = at + self._length(element)
        consumed = retimed(element, end - at)
        offered = self._offered(around, element)
        if element.tag in _LEAVES:
            placed = Placed(
                at,
                end,
                lane,
                self._is_sound(element),
                _with_media(self._clip(element), offered),
                consumed.start,
                self._rate_of(element, rate),
                1,
            )
        else:
            inner = self._inside(element, rate, level)
            consumed = _fitted(consumed, inner, said=element.get("start") is not None)
            if consumed.effects != UNKNOWN:
                until = consumed.start + consumed.length
                inner = inner.between(consumed.start - _HANDLES, until + _HANDLES)
            node = _with_media(inner.stack(element.get("name", ""), inner.first), offered)
            sound = element.get("srcEnable") == "audio"
            placed = Placed(
                at, end, lane, sound, node, consumed.start - inner.first, inner.rate, 1 + inner.size
            )
        if placed.size > _MOST_ITEMS:
            raise unreadable(place(element), "it holds more clips than can be read")
        placed.node.update(
            {
                "enabled": element.get("enabled") != "0",
                "effects": consumed.effects,
                "markers": [marker(one) for one in element if one.tag in ("marker", "chapter-marker")],
                "metadata": about(element),
            }
        )
        return placed

    def _inside(self, element: Element, rate: Fraction, level: int) -> Layers:
        """What a container, a compound clip or a multicam holds, in its own time."""
        if element.tag in _REFERRING:
            return self._referred(element, rate, level)
        layers = Layers(self._rate_of(element, rate))
        for one in element:
            if one.tag in _STORY and not lane_of(one):
                self._item(one, self._offset(one), 0, layers, level)
        return layers

    def _referred(self, element: Element, rate: Fraction, level: int) -> Layers:
        media = self._resource(element)
        held = next((one for one in media if one.tag in _SEQUENCED), None)
        if held is None:
            raise unreadable(place(element), "what this clip holds lies in the library and not in the file")
        if held.tag == "multicam":
            layers = self._angles(element, held, rate, level)
        else:
            layers = self._once(held, rate, level)
        return layers.seen() if element.get("srcEnable") == "video" else layers

    def _angles(self, element: Element, multicam: Element, rate: Fraction, level: int) -> Layers:
        """The angles that the clip uses; all of them, where it names none that is there."""
        used: dict[str | None, str] = {}
        # Only its own: what is connected to it may be a clip of the same multicam that uses other angles.
        for source in element.findall("mc-source"):
            said, before = source.get("srcEnable", "all"), used.get(source.get("angleID"), "none")
            either = said if before == "none" else before
            used[source.get("angleID")] = either if said in (either, "none") else "all"
        angles = multicam.findall("mc-angle")
        if not any(used.get(one.get("angleID"), "none") != "none" for one in angles):
            used = {one.get("angleID"): "all" for one in angles}
        layers = Layers(self._rate_of(multicam, rate))
        for lane, angle in enumerate(angles):
            enabled = used.get(angle.get("angleID"), "none")
            if enabled != "none":
                one = self._once(angle, layers.rate, level)
                layers.add(
                    one.heard() if enabled == "audio" else one.seen() if enabled == "video" else one, lane
                )
        return layers

    def _clip(self, element: Element) -> Json:
        """One clip with every file of its asset."""
        found = list(self._media(element))
        keys = ["DEFAULT_MEDIA", *(f"MEDIA_{number}" for number in range(2, len(found) + 1))]
        return otio(
            "Clip",
            2,
            name=self._name(element),
            media_references=dict(zip(keys, found, strict=True)),
            active_media_reference_key="DEFAULT_MEDIA",
        )

    def _offered(self, around: Element, picked: Element) -> list[Json]:
        """All media that an audition offers beside its pick, in compound clips and connected ones too."""
        found: list[Json] = []
        waiting = [one for one in around if one is not picked] if around.tag == "audition" else []
        seen: set[Element] = set()
        while waiting:
            for one in waiting.pop(0).iter():
                if one.tag not in _STORY or one.get("ref") is None:
                    continue
                resource = self._resource(one)
                if resource.tag != "media":
                    found.extend(self._media(one))
                elif resource not in seen:
                    seen.add(resource)
                    waiting.append(resource)
        return found

    def _name(self, element: Element) -> str:
        clip, asset = self._clip_around.get(element), self._resources.get(element.get("ref", ""))
        names = [one.get("name") for one in (element, clip, asset) if one is not None]
        return next((name for name in names if name), "")

    def _media(self, element: Element) -> Iterator[Json]:
        if element.get("ref") is None:
            yield otio("GeneratorReference", generator_kind=element.tag)
            return
        resource = self._resource(element)
        if resource.tag == "effect":
            said = {key: value for key in ("uid", "src") if (value := resource.get(key))}
            yield otio(
                "GeneratorReference", name=resource.get("name", ""), generator_kind="effect", parameters=said
            )
            return
        said_of_it = about(resource)
        files = [one.get("src") for one in (resource, *resource.findall("media-rep")) if one.get("src")]
        for url in files:
            yield otio(
                "ExternalReference", name=resource.get("name", ""), target_url=url, metadata=said_of_it
            )
        if not files:
            # A compound clip as one of an audition, or an asset that only the library knows.
            yield otio("MissingReference", name=resource.get("name", ""), metadata=said_of_it)

    def _is_sound(self, element: Element) -> bool:
        if element.tag != "asset-clip":
            return element.tag == "audio"
        asset = self._resource(element)
        seen = asset.get("hasVideo")
        silent = seen == "0" or (seen is None and asset.get("hasAudio") == "1")
        return element.get("srcEnable") == "audio" or silent

    def _resource(self, element: Element) -> Element:
        found = self._resources.get(element.get("ref", ""))
        if found is None:
            raise unreadable(place(element), f"the resource {shown(element.get('ref'))} is not in the file")
        return found

    def _length(self, element: Element) -> Fraction:
        """How long an element lasts where it lies. Raises EditError when nobody can say."""
        if element.tag == "audition":
            return self._length(self._picked(element))
        if element.tag == "spine":
            return sum((self._length(one) for one in element if one.tag in _STORY), Fraction(0))
        said = seconds(element, "duration")
        if said is None and element.get("ref") is not None:
            resource = self._resource(element)
            held = next((one for one in resource if one.tag in _SEQUENCED), resource)
            said = seconds(held, "duration") or None
        if not said and element in self._clip_around:
            said = self._until_its_clip_ends(element, self._clip_around[element])
        if said is None:
            raise unreadable(place(element), "how long it lasts is not said")
        if said < 0:
            raise unreadable(place(element), f"a negative duration: {shown(element.get('duration'))}")
        return said

    def _until_its_clip_ends(self, still: Element, clip: Element) -> Fraction:
        """How long a still lasts: Final Cut gives it no length of its own."""
        start, length = seconds(clip, "start") or Fraction(0), self._length(clip)
        consumed = retimed(clip, length)
        until = max(start + length, consumed.start + consumed.length)
        return max(until - self._offset(still), Fraction(0))

    def _rate_of(self, element: Element, around: Fraction | None) -> Fraction:
        """The rate of the element's format, else of its asset's, else of what it lies in."""
        names = [element.get("format")]
        resource = self._resources.get(element.get("ref", ""))
        if resource is not None:
            held = next((one for one in resource if one.tag in _SEQUENCED), resource)
            names.append(held.get("format"))
        for name in names:
            found = frame_rate(self._resources.get(name or ""))
            if found is not None:
                return found
        if around is None and self._rate is None:
            raise rate_unknown(place(element), "its format does not say a frame rate")
        return around or self._rate or Fraction(0)


def _with_media(node: Json, further: list[Json]) -> Json:
    """A copy in which every clip has further media; itself where there are none."""
    if not further:
        return node
    references = node.get("media_references")
    if references is not None:
        named = {f"AUDITION_{number}": one for number, one in enumerate(further, len(references) + 1)}
        return {**node, "media_references": {**references, **named}}
    if "children" in node:
        return {**node, "children": [_with_media(one, further) for one in node["children"]]}
    return node


def _refuse_unknown(element: Element, *keys: str) -> None:
    """What lies in time shows something: a later version's clip is not left out. Captions are text alone."""
    if element.tag not in ("caption", "transition") and any(element.get(key) is not None for key in keys):
        raise unreadable(place(element), "it lies in time, and what it shows is not known here")


def _fitted(consumed: Consumed, inner: Layers, *, said: bool) -> Consumed:
    """What a container shows of what it holds.

    Where the file says a start in quite another time than the content's, all of it may be on screen: shown as
    nothing, it would hide a replica.
    """
    effects, start, length = consumed
    if not said:
        start = max(start, inner.first)
    if inner.first <= start < inner.last or start < inner.first < start + length:
        return Consumed(effects, start, length)
    return Consumed(UNKNOWN, inner.first, length)
