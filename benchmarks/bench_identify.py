"""How long it takes to find the replicas of a cut that is read already: clips and patterns grown apart.

The peer is the same matching done pattern by pattern with the standard library's `fnmatch`, on a sample of the
clips and scaled up (all of it would take an hour). Run: `python benchmarks/bench_identify.py [clips] [patterns]`.
"""

from __future__ import annotations

import fnmatch
import gc
import re
import sys
import time
from fractions import Fraction

from clearcut.core.cut import NO_METADATA, Clip, ClipKind, Cut, Enclosure, MediaReference
from clearcut.core.identify import identify
from clearcut.core.registry import Recognition
from clearcut.core.replica import Asset, AssetKind, Match, MatchKind
from clearcut.core.rules import Rules, ShotNaming
from clearcut.core.timing import FrameRange, Timebase


def made_cut(clips: int, declared_every: int = 10, matched_every: int = 10) -> Cut:
    """Shots of 48 frames, some of which declare a replica and some of which show one by its path."""
    timeline = Enclosure("timeline", "cut", "", {"clearcut": {"production": "HELIOS"}}, (), None)
    track = Enclosure("track", "V1", "tracks[0]", NO_METADATA, (), timeline)
    made = []
    for number in range(clips):
        sequence, shot = divmod(number, 200)
        name = f"HEL_{sequence:03d}_{shot * 10:04d}"
        folder = f"/jobs/helios/seq{sequence:03d}/{name.lower()}/comp/v{number % 9:03d}"
        metadata = {"sg": {"shot": {"code": name}}, "editor": {"note": "", "tags": ["vfx", "wip"]}}
        if number % declared_every == 0:
            metadata["clearcut"] = {"shot": name, "version": "v004", "replicas": [
                {"replica": f"rpl-{number % 5000}", "uses": ["stunt"], "modalities": ["body"]}]}  # fmt: skip
        if number % matched_every == 3:
            folder = f"/jobs/helios/char/p{number % 5000}_digidouble/render/{name.lower()}"
        url = f"{folder}/{name.lower()}_comp.%04d.exr"
        made.append(
            Clip(
                f"tracks[0].children[{number}]",
                name,
                ClipKind.PICTURE,
                FrameRange(number * 48, number * 48 + 48),
                FrameRange(1001, 1049),
                Fraction(24),
                (MediaReference("DEFAULT_MEDIA", (url,), "", NO_METADATA),),
                metadata,
                (),
                track,
            )
        )
    return Cut("cut", "/jobs/helios/edit/cut.otio", "", Timebase(Fraction(24)), clips * 48, tuple(made))


def made_recognition(patterns: int) -> Recognition:
    """Three quarters of the globs name a folder, the rest part of a name or a metadata key."""
    assets = []
    for number in range(patterns):
        if number % 4 != 2:
            match = Match(MatchKind.PATH, f"*/char/p{number}_digidouble/*")
        else:
            match = Match(MatchKind.PATH, f"*scan_{number:05d}*.exr")
        assets.append(Asset(f"rpl-{number}", AssetKind.ASSET, match))
    keyed = Match(MatchKind.METADATA, "no-such-id", "ayon.representation")
    assets.append(Asset("rpl-0", AssetKind.ASSET, keyed))
    return Recognition((), tuple(assets), ())


def timed(clips: int, patterns: int, rules: Rules) -> tuple[float, int]:
    """The best of three, in seconds of CPU, and the number of uses found."""
    cut, recognition = made_cut(clips), made_recognition(patterns)
    best, uses = float("inf"), 0
    for _ in range(3):
        gc.collect()
        start = time.process_time()
        uses = len(identify(cut, recognition, rules).uses)
        best = min(best, time.process_time() - start)
    return best, uses


def naive(clips: int, patterns: int, sample: int = 200) -> float:
    """Seconds that `fnmatch`, pattern by pattern, would take for all clips."""
    globs = [re.compile(fnmatch.translate(asset.match.value)) for asset in made_recognition(patterns).assets]
    urls = [clip.references[0].urls[0] for clip in made_cut(sample).clips]
    start = time.process_time()
    for url in urls:
        for glob in globs:
            glob.match(url)
    return (time.process_time() - start) * clips / sample


def main() -> None:
    clips = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    patterns = int(sys.argv[2]) if len(sys.argv) > 2 else 5_000
    rules = Rules(suspects=("*/digidouble/*", "*_face_*"))
    asking = Rules(shot_naming=ShotNaming(("sg.shot.code",), (r"(?P<shot>HEL_\d{3}_\d{4})",)))
    for size, globs in ((clips // 10, patterns), (clips, patterns // 10), (clips, patterns)):
        seconds, uses = timed(size, globs, rules)
        print(f"{size:>7} clips, {globs:>5} patterns: {seconds:6.2f} s, {uses} uses")
    seconds, _ = timed(clips, patterns, asking)
    print(
        f"{clips:>7} clips, {patterns:>5} patterns: {seconds:6.2f} s with metadata paths and a name pattern"
    )
    peer = naive(clips, patterns)
    print(f"pattern by pattern with fnmatch (scaled up): {peer:.0f} s, {peer / seconds:.0f} times as long")


if __name__ == "__main__":
    main()
