"""Edits whose clips are written alike, more or less: what the reader of alike objects must not be fooled by."""

import random

from fakes.otio_json import clip, external, gap, span, stack, timeline, track, transition, warp

SCALARS = [
    0,
    1,
    1.0,
    -0.0,
    1e5,
    10**20,
    True,
    False,
    None,
    "1",
    "",
    "a: {[",
    'q"q',
    "b\\",
    "\u00e9",
    "\U0001f600",
    "n\nl",
]


def varied_clip(rng: random.Random):
    """A clip with the same keys as the others most of the time, and other values."""
    number = rng.randrange(10**4)
    metadata = {"reel": f"A{rng.randrange(20):03d}", "id": number, "flag": rng.random() < 0.5}
    if rng.random() < 0.2:
        metadata["note"] = rng.choice(SCALARS)
    if rng.random() < 0.2:
        metadata["clearcut"] = {"replicas": [{"replica": f"rpl-{n}"} for n in range(rng.randrange(3))]}
    if rng.random() < 0.1:
        metadata[rng.choice("uvw")] = rng.choice([[], {}, [1, {"k": 2}], {"k": [0.5]}, "x"])
    keys = {"metadata": metadata}
    if rng.random() < 0.2:
        keys["effects"] = [warp(rng.choice([2, 2.0, 0.5])) for _ in range(rng.randrange(3))]
    if rng.random() < 0.2:
        keys["markers"] = [{"OTIO_SCHEMA": "Marker.2", "name": f"m{number}", "marked_range": span(0, 1.0)}]
    folder = rng.choice(["plate", "caf\u00e9", "a b"])
    keys["media_references"] = {
        "DEFAULT_MEDIA": external(f"/jobs/{number}/{folder}.exr", available_range=span(0.0, 400.0))
    }
    return clip(
        f"sh{number}", rng.choice([0, 1001.0, number]), rng.choice([24, 24.0, 1 + number]), 24.0, **keys
    )


def varied_edit(seed: int, most: int = 40):
    """A timeline of alike clips, gaps, dissolves and small nests on one or two tracks."""
    rng = random.Random(seed)

    def child():
        kind = rng.random()
        if kind < 0.1:
            return gap(rng.randrange(1, 99))
        if kind < 0.15:
            return transition(rng.randrange(5), rng.randrange(5))
        if kind < 0.22:
            return stack(*(track(varied_clip(rng)) for _ in range(rng.randrange(3))), metadata={})
        return varied_clip(rng)

    return timeline(
        *(track(*(child() for _ in range(rng.randrange(most)))) for _ in range(rng.randint(1, 2)))
    )
