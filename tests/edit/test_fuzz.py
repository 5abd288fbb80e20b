"""Mutated edits: each ends in a cut or in cut-unreadable, and never loses a use that the mutation did not touch.

`make fuzz` runs 20,000 mutations, `make test` a bounded set with fixed seeds.
"""

import copy
import dataclasses
import json
import os
import random

import pytest

from clearcut.edit import EditFile, LiveTimeline
from clearcut.errors import EditError
from fakes.otio_json import clip, external, gap, read, span, stack, timeline, track, transition, warp

CODES = {"cut-unreadable", "rate-unknown"}


def declares(name):
    return {"clearcut": {"shot": name, "replicas": [{"replica": f"rpl-{name}"}]}}


def seed_edit():
    """One of everything, each clip declaring a replica of its own."""
    names = iter(f"s{n}" for n in range(100))

    def shot(length=24, **keys):
        name = next(names)
        return clip(name, 1001, length, metadata=declares(name), **keys)

    nest = stack(
        track(shot(), gap(5), shot()), track(shot(90)), source_range=span(3, 40), metadata=declares("nest")
    )
    video = track(
        shot(), transition(4, 4), shot(), gap(7), shot(effects=[warp(2.0)]), nest, shot(30, rate=25)
    )
    upper = track(
        gap(20),
        shot(source_range=None, media_references={"DEFAULT_MEDIA": external(available_range=span(0, 9))}),
    )
    audio = track(shot(100), kind="Audio")
    markers = [{"OTIO_SCHEMA": "Marker.2", "name": "m", "metadata": {"k": 1}, "marked_range": span(0, 1)}]
    return timeline(video, upper, audio, markers=markers, metadata={"clearcut": {"production": "HELIOS"}})


def spots(node, path=()):
    """Every place in the tree: a container and the key in it."""
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in items:
        yield (*path, key)
        yield from spots(value, (*path, key))


STRANGE = [
    None, True, False, 0, -1, 1, 10**30, -(10**30), 0.5, 1e308, -0.0, "", "x", "\x00", "24", [], {}, [[]], {"a": 1},
    {"OTIO_SCHEMA": "Clip.2"}, {"OTIO_SCHEMA": "Stack.1", "children": []}, {"OTIO_SCHEMA": "Foo.1"}, "Clip.99", "Gap.1",
    "Timeline.1", "Track.1", "RationalTime.1",
]  # fmt: skip


def mutate(tree, rng):
    """One structural mutation; gives the path it was made at."""
    where = rng.choice(list(spots(tree)))
    node = tree
    for key in where[:-1]:
        node = node[key]
    last = where[-1]
    what = rng.randrange(6)
    if what == 0:
        del node[last]
    elif what == 1:
        node[last] = copy.deepcopy(rng.choice(STRANGE))
    elif what == 2 and isinstance(node, list):
        node.insert(last, copy.deepcopy(rng.choice(node)))
    elif what == 3 and isinstance(node, list) and len(node) > 1:
        other = rng.randrange(len(node))
        node[last], node[other] = node[other], node[last]
    elif what == 4 and isinstance(node[last], (int, float)) and not isinstance(node[last], bool):
        node[last] = node[last] * rng.choice([-1, 0, 1000, 0.001, 7])
    else:
        node[last] = [node[last]] if rng.random() < 0.5 else {"wrapped": node[last]}
    return where


def used(cut):
    return {replica for one in cut.clips for replica in declared_in(dict(one.metadata))}


def touched(tree, where):
    """What the mutation at a place of the original may lawfully take away: the replicas declared in there.

    Names, metadata, markers and references of a clip concern that clip only; times, order and switches everything
    in the same track of the timeline; the stack of the timeline and the top object everything.
    """
    node = tree
    for depth, key in enumerate(where):
        if isinstance(node, dict) and str(node.get("OTIO_SCHEMA")).startswith("Clip."):
            if key in ("name", "metadata", "markers", "media_references", "active_media_reference_key"):
                return declared_in(node)
            break
        node = node[key]
        if depth == len(where) - 1 and where[0] not in ("tracks", "OTIO_SCHEMA"):
            return set()
    if where[:2] == ("tracks", "children") and len(where) > 2:
        return declared_in(tree["tracks"]["children"][where[2]])
    return declared_in(tree) if where[0] in ("tracks", "OTIO_SCHEMA") else set()


def declared_in(node):
    return {word for word in json.dumps(node).split('"') if word.startswith("rpl-")}


def run(seeds, reader=lambda tree: LiveTimeline(json.dumps(tree)).read()):
    original = seed_edit()
    everything = used(read(original))
    assert len(everything) == 10
    read_well = 0
    for seed in seeds:
        rng = random.Random(seed)
        tree = copy.deepcopy(original)
        where = mutate(tree, rng)
        try:
            cut = reader(tree)
        except EditError as error:
            if error.code not in CODES:
                raise
            continue
        read_well += 1
        lost = everything - used(cut) - touched(original, where)
        assert not lost, (seed, where, lost)
    return read_well


def test_a_bounded_set_of_mutations_never_crashes_or_loses_a_use():
    assert run(range(1500)) > 300


@pytest.mark.fuzz
@pytest.mark.skipif("CLEARCUT_FUZZ" not in os.environ, reason="long: run by `make fuzz`")
def test_twenty_thousand_mutations_never_crash_or_lose_a_use():
    assert run(range(10_000, 30_000)) > 4000


def test_the_fuzzer_sees_a_lost_use():
    """The twin: a reader that forgets one clip now and then is caught."""

    def forgetful(tree):
        cut = LiveTimeline(json.dumps(tree)).read()
        return dataclasses.replace(cut, clips=cut.clips[:-1])

    with pytest.raises(AssertionError):
        run(range(200), forgetful)


@pytest.mark.parametrize("seed", range(300))
def test_bytes_that_are_damaged_anywhere_end_in_a_cut_or_a_reason(seed):
    rng = random.Random(seed)
    raw = bytearray(json.dumps(seed_edit()).encode())
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(raw))
        raw[at : at + rng.randint(0, 3)] = rng.randbytes(rng.randint(0, 3))
    try:
        LiveTimeline(bytes(raw)).read()
    except EditError as error:
        if error.code not in CODES:
            raise


EDL = """TITLE: X
FCM: NON-DROP FRAME
001  A001 V C        10:00:00:00 10:00:02:00 01:00:00:00 01:00:02:00
* FROM CLIP NAME: HEL_010
002  A001 V C        10:00:02:00 10:00:02:00 01:00:02:00 01:00:02:00
002  A002 V D    012 11:00:00:12 11:00:01:12 01:00:02:00 01:00:03:00
* TO CLIP NAME: HEL_020
M2   A002  048.0  11:00:00:12
* LOC: 01:00:02:00 GREEN HEL_020
003  A003 AA/V C     00:00:00:00 00:00:00:12 01:00:03:00 01:00:03:12
"""


def test_damaged_edls_end_in_a_cut_or_a_reason(tmp_path):
    path = tmp_path / "x.edl"
    for seed in range(600):
        rng = random.Random(seed)
        raw = bytearray(EDL.encode())
        for _ in range(rng.randint(1, 5)):
            at = rng.randrange(len(raw))
            raw[at : at + rng.randint(0, 4)] = rng.choice([b"", b"\n", b"9", b":", rng.randbytes(2), b"  "])
        path.write_bytes(raw)
        try:
            EditFile(path, rate=24).read()
        except EditError as error:
            if error.code not in CODES:
                raise
