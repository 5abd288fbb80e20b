"""Reading an edit beside OpenTimelineIO only opening the same file: whole processes, one after the other, medians.

Usage: `python benchmarks/bench_edit.py [--clips 1000 10000 100000] [--kinds alike compact varied nested] [--runs 5]`.
Prints time, CPU seconds and peak memory of both, and their ratios; then a 5,000-event EDL beside the adapter for EDLs
alone. The kinds of cuts: clips written alike; the same without line breaks; each clip with other keys, lists and types
in its metadata, markers and retimes; dissolves, gaps and nested stacks among alike clips.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path

from side_by_side import both_in_turn, peak_mib

OURS = "from clearcut.edit import EditFile; EditFile({path!r}, rate={rate}).read()"
THEIRS = "import opentimelineio as otio; otio.adapters.read_from_file({path!r})"
ADAPTER = "import opentimelineio as otio; otio.adapters.read_from_file({path!r}, rate=24)"


def rational(value):
    return {"OTIO_SCHEMA": "RationalTime.1", "rate": 24.0, "value": float(value)}


def span(start, length):
    return {"OTIO_SCHEMA": "TimeRange.1", "duration": rational(length), "start_time": rational(start)}


def shot(index):
    name = f"HEL_{index // 100:04d}_{index % 100 * 10:04d}"
    url = f"/jobs/HELIOS/{index // 100:04d}/{name}/plate_v001.%04d.exr"
    reference = {
        "OTIO_SCHEMA": "ExternalReference.1",
        "metadata": {},
        "name": "",
        "available_range": span(1001, 120),
    }
    return {
        "OTIO_SCHEMA": "Clip.2",
        "metadata": {"clearcut": {"shot": name, "version": "v003"}, "cmx_3600": {"reel": f"A{index:06d}"}},
        "name": name,
        "source_range": span(1009 + index % 500, 24 + index % 48),
        "effects": [],
        "markers": [],
        "enabled": True,
        "media_references": {
            "DEFAULT_MEDIA": {**reference, "available_image_bounds": None, "target_url": url}
        },
        "active_media_reference_key": "DEFAULT_MEDIA",
    }


def varied(index, rng):
    """A shot as several programs have left their marks on it."""
    made = shot(index)
    about = made["metadata"]
    about["sg"] = {"id": index, "tags": [f"tag{rng.randrange(40)}" for _ in range(rng.randrange(4))]}
    about["resolve"] = {"scale": rng.random(), "flags": [rng.random() < 0.5 for _ in range(3)]}
    about["note"] = rng.choice(["", "hero", 'the "red" one', "\u00fcber", "a\\b"])
    for key in rng.sample(
        ["lut", "cdl", "lens", "focal", "iso", "shutter", "filter", "take"], rng.randrange(4)
    ):
        about[f"cam_{key}"] = rng.choice(["a", "b", rng.randrange(100), None])
    for number in range(rng.choice([0, 0, 0, 1, 2])):
        marker = {"OTIO_SCHEMA": "Marker.2", "name": f"m{number}", "metadata": {}, "color": "RED"}
        made["markers"].append({**marker, "comment": "x" * rng.randrange(20), "marked_range": span(1009, 1)})
    if rng.random() < 0.1:
        made["effects"] = [
            {"OTIO_SCHEMA": "LinearTimeWarp.1", "name": "", "metadata": {}, "time_scalar": 2.0}
        ]
    return made


def group(schema, children, **keys):
    return {"OTIO_SCHEMA": schema, "metadata": {}, "name": "", "children": children, **keys}


def nested(index, rng):
    """A clip and what may stand beside it: a dissolve, a gap, or a nested stack in its place."""
    made = shot(index)
    chance = rng.random()
    if chance < 0.05:
        return [group("Stack.1", [group("Track.1", [made, shot(index + 1)], kind="Video")])]
    if chance < 0.15:
        return [made, {"OTIO_SCHEMA": "Gap.1", "metadata": {}, "name": "", "source_range": span(0, 12)}]
    if chance < 0.35:
        fade = {
            "OTIO_SCHEMA": "Transition.1",
            "metadata": {},
            "name": "",
            "transition_type": "SMPTE_Dissolve",
        }
        return [made, {**fade, "in_offset": rational(rng.randrange(1, 12)), "out_offset": rational(6)}]
    return [made]


def write_cut(path, clips, kind):
    """Four tracks, as OpenTimelineIO writes them: indented by four, unless the kind is compact."""
    rng = random.Random(clips)
    lanes = []
    for lane in range(4):
        numbers = range(lane, clips, 4)
        if kind == "nested":
            children = [each for number in numbers for each in nested(number, rng)]
        else:
            children = [varied(number, rng) if kind == "varied" else shot(number) for number in numbers]
        lanes.append(group("Track.1", children, kind="Video"))
    tree = {"OTIO_SCHEMA": "Timeline.1", "name": "bench", "tracks": group("Stack.1", lanes)}
    path.write_text(json.dumps(tree, indent=None if kind == "compact" else 4))


def timecode(frame):
    return f"{frame // 86400:02d}:{frame // 1440 % 60:02d}:{frame // 24 % 60:02d}:{frame % 24:02d}"


def write_edl(path, events):
    lines = ["TITLE: bench", "FCM: NON-DROP FRAME"]
    for n in range(events):
        first, end = timecode(86400 + 24 * n), timecode(86424 + 24 * n)
        lines += [f"{n + 1:06d}  A{n:06d} V C {first} {end} {first} {end}", f"* FROM CLIP NAME: HEL_{n:05d}"]
    path.write_text("\n".join(lines))


def compare(label, ours, theirs, rounds):
    commands = {"clearcut": [sys.executable, "-c", ours], "otio": [sys.executable, "-c", theirs]}
    took = both_in_turn(commands, rounds)
    ours, theirs = took["clearcut"], took["otio"]
    peak = {name: peak_mib(command) for name, command in commands.items()}
    print(
        f"{label:>20}  clearcut {ours.wall:6.2f} s, CPU {ours.cpu:6.2f} s, {peak['clearcut']:4.0f} MiB   "
        f"otio {theirs.wall:6.2f} s, CPU {theirs.cpu:6.2f} s, {peak['otio']:4.0f} MiB   "
        f"time x{ours.wall / theirs.wall:.2f}  CPU x{ours.cpu / theirs.cpu:.2f}  "
        f"memory x{peak['clearcut'] / peak['otio']:.2f}",
        flush=True,
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clips", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--kinds", nargs="+", default=["alike", "compact", "varied", "nested"])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--write", nargs=3, metavar=("FILE", "CLIPS", "KIND"), help="only write such a cut")
    options = parser.parse_args()
    if options.write:
        write_cut(Path(options.write[0]), int(options.write[1]), options.write[2])
        return
    with tempfile.TemporaryDirectory() as name:
        for clips, kind in ((clips, kind) for clips in options.clips for kind in options.kinds):
            path = Path(name) / f"{clips}.otio"
            # In a process of its own: a child's peak begins with its parent's size.
            subprocess.run([sys.executable, __file__, "--write", str(path), str(clips), kind], check=True)
            ours, theirs = OURS.format(path=str(path), rate=None), THEIRS.format(path=str(path))
            compare(f"{clips} {kind} clips", ours, theirs, options.runs)
        path = Path(name) / "5000.edl"
        write_edl(path, 5000)
        compare(
            "5000-event EDL",
            OURS.format(path=str(path), rate=24),
            ADAPTER.format(path=str(path)),
            options.runs,
        )


if __name__ == "__main__":
    main()
