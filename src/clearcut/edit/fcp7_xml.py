"""What OpenTimelineIO's adapter would lose of a Final Cut 7 XML file, put where it finds it. Runs in its child.

The adapter takes the first element of an id for every element of that id, with whatever that one holds; it refuses a
clip of no file (a multiclip, an offline clip), and a bin of clips without a sequence; it finds nothing in a nested
sequence; of two items that overlap on a track it puts the second behind the first, and all that follow later than they
are. What an id stands for is said by Apple's "Final Cut Pro XML Interchange Format": the first holds the content, the
others are empty.
"""

from __future__ import annotations

from itertools import islice
from xml.etree import ElementTree as ET
from xml.etree.ElementTree import Element, SubElement

_ITEMS = ("clipitem", "generatoritem")
# A nested sequence may be named many times: what a few lines stand for can be more than any machine holds.
_MOST_ELEMENTS = 5_000_000


def prepared(raw: bytes) -> bytes:
    """The same cut as XML without ids and references. Raises ValueError on what would not be read whole.

    The file's declarations must have been looked at (`xml_guard`).
    """
    root = ET.fromstring(raw)  # noqa: S314 - entities were refused before
    elements = list(root.iter())
    _fill(elements)
    if sum(1 for _ in islice(root.iter(), _MOST_ELEMENTS + 1)) > _MOST_ELEMENTS:
        raise ValueError("its nested sequences hold more than can be read")
    if root.find(".//sequence") is None:
        for clip in (*root.findall("clip"), *root.findall(".//children/clip")):
            _lay_out(clip)
    for one in [each for each in elements if each.tag in _ITEMS]:
        _with_one_medium(one)
    for one in [each for each in elements if each.tag in ("video", "audio")]:
        _hear_all(one)
        for track in one.findall("track"):
            _settle_transitions(track)
            _part(track, one)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _fill(elements: list[Element]) -> None:
    """Gives every element the content that its id stands for, and takes the ids away."""
    defined: dict[tuple[str, str], Element] = {}
    for one in elements:
        name = one.get("id")
        if name is not None and _is_whole(one):
            defined.setdefault((one.tag, name), one)
    for one in elements:
        name = one.attrib.pop("id", None)
        found = defined.get((one.tag, name)) if name is not None else None
        if found is not None and not _is_whole(one):
            own = {each.tag for each in one}
            one.extend([each for each in found if each.tag not in own])


def _is_whole(element: Element) -> bool:
    """Whether it says all that its id stands for: some programs repeat a file's name beside its id."""
    return element.find("pathurl") is not None if element.tag == "file" else len(element) > 0


def _lay_out(clip: Element) -> None:
    """A clip that lies in a bin, as a sequence that plays all of it once."""
    clip.tag = "sequence"
    length = clip.findtext("duration") or "0"
    if clip.find("media") is None:
        item = Element("clipitem")
        item.extend([one for one in clip if one.tag in ("name", "duration", "rate", "file")])
        SubElement(SubElement(SubElement(clip, "media"), "video"), "track").append(item)
    for item in clip.iterfind("media/*/track/clipitem"):
        for key, value in (("start", "0"), ("end", length), ("in", "0")):
            said = item.find(key)
            if said is None:
                SubElement(item, key).text = value
            elif (said.text or "").strip().startswith("-"):
                said.text = value


def _with_one_medium(item: Element) -> None:
    """The adapter reads one path of one file, or one sequence, of an item; other paths arrive in its metadata."""
    files, nests = item.findall("file"), item.findall("sequence")
    name = repr(item.findtext("name", "")[:60])
    if len(nests) > 1 or (nests and files):
        raise ValueError(f"the clip {name} is several things at once")
    for one in nests:
        # It looks for the tracks of a nested sequence a level too high, and would find none.
        media = one.find("media")
        if media is None:
            raise ValueError(f"the clip {name} is a sequence that is not in the file")
        one.remove(media)
        one.extend(media)
    _keep_other_paths(item, files)
    if not files and not nests and item.find("effect[effecttype='generator']") is None:
        SubElement(item, "file").extend(item.findall("name"))
    for edge in (*item.findall("start"), *item.findall("end")):
        whole, point, rest = (edge.text or "").partition(".")
        if point and not rest.strip("0 \r\n"):
            edge.text = whole


def _keep_other_paths(item: Element, files: list[Element]) -> None:
    read = files[0].find("pathurl") if files else None
    others = [(one, path) for one in files for path in one.findall("pathurl") if path is not read]
    if others:
        kept = SubElement(item, "otherfiles")
        for one, path in others:
            one.remove(path)
            kept.append(path)


def _hear_all(audio: Element) -> None:
    """The adapter skips the further channels of a clip: they are read where anything else is heard on them."""
    heard: set[tuple[str | None, ...]] = set()
    for track in audio.findall("track"):
        here = {
            (item.findtext("start"), item.findtext("end"), url.text)
            for item in track
            for url in item.iter("pathurl")
        }
        if not here <= heard:
            track.attrib.pop("currentExplodedTrackIndex", None)
        heard |= here


def _settle_transitions(track: Element) -> None:
    """The adapter counts on from where a transition ends, as if the clip before it ended there, too."""
    items = [None, *(one for one in track if one.tag in (*_ITEMS, "transitionitem")), None]
    for before, item, after in zip(items, items[1:], items[2:], strict=False):
        if item is None or item.tag != "transitionitem":
            continue
        first, end = _frame(item, "start"), _frame(item, "end")
        if first is None or end is None:
            continue
        coming = after is not None and _touches(_frame(after, "start"), first, end)
        going = before is not None and _touches(_frame(before, "end"), first, end)
        if not coming and not going:
            track.remove(item)
            continue
        if not coming or not going:
            _write(item, "alignment", "start-black" if coming else "end-black")
        _settle_edges(before if going else None, item, after if coming else None)


def _settle_edges(before: Element | None, transition: Element, after: Element | None) -> None:
    """An edge that is not where the transition's alignment puts the cut would move all that follows.

    What is seen all through a transition is written with -1: its own edge lies in the transition.
    """
    first, end = _frame(transition, "start") or 0, _frame(transition, "end") or 0
    side = transition.findtext("alignment", "").partition("-")[0]
    cut = {"start": first, "end": end}.get(side, (first + end) // 2)
    going = None if before is None else _frame(before, "end")
    coming = None if after is None else _frame(after, "start")
    if {going, coming} <= {None, cut}:
        return
    if before is not None:
        _write(before, "end", "-1")
    if after is not None and coming is not None:
        _write(after, "start", "-1")
        _write(after, "in", str(float(after.findtext("in") or 0) - (coming - first)))


def _touches(edge: int | None, first: int, end: int) -> bool:
    """Whether an edge lies in a transition from `first` to `end`."""
    return edge is None or first <= edge <= end


def _write(item: Element, key: str, text: str) -> None:
    found = item.find(key)
    if found is not None:
        found.text = text


def _part(track: Element, kind: Element) -> None:
    """Items that overlap (Premiere writes the sound of a dissolve so) get tracks of their own above each other."""
    lanes, ends = [track], [0]
    at = 0
    over: tuple[int, int] | None = None
    for item in [one for one in track if one.tag in (*_ITEMS, "transitionitem")]:
        start, end = _frame(item, "start"), _frame(item, "end")
        # A transition stays with the item before it, and so does what begins in one.
        stays = over is not None and ends[at] <= over[1] and _touches(start, *over)
        if item.tag in _ITEMS and start is not None and not stays:
            at = next((number for number, taken in enumerate(ends) if taken <= start), len(ends))
        if at == len(lanes):
            lanes.append(Element("track", track.attrib))
            lanes[at].extend(track.findall("enabled"))
            ends.append(0)
        if at > 0:
            track.remove(item)
            lanes[at].append(item)
        if end is not None:
            ends[at] = max(ends[at], end)
        over = None if item.tag in _ITEMS or start is None or end is None else (start, end)
    place = list(kind).index(track)
    for number, lane in enumerate(lanes[1:], place + 1):
        kind.insert(number, lane)


def _frame(item: Element, key: str) -> int | None:
    """A frame of the sequence; None for -1, which is said of an edge that lies in the transition beside it."""
    text = (item.findtext(key) or "").strip()
    return int(text) if text.isdecimal() else None
