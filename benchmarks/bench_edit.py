"""Reading an edit beside OpenTimelineIO only opening the same file: whole processes, one after the other, medians.

Usage: `python benchmarks/bench_edit.py [--clips 1000 10000 100000] [--runs 5]`. Prints time and peak memory of both,
and their ratios; then a 5,000-event EDL beside the adapter for EDLs alone.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from side_by_side import in_turn, peak_mib

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


def write_cut(path, clips):
    """Four tracks, as OpenTimelineIO writes them: indented by four."""
    lanes = [
        {
            "OTIO_SCHEMA": "Track.1",
            "name": f"V{n}",
            "kind": "Video",
            "children": [shot(i) for i in range(n, clips, 4)],
        }
        for n in range(4)
    ]
    stack = {"OTIO_SCHEMA": "Stack.1", "name": "tracks", "children": lanes}
    path.write_text(json.dumps({"OTIO_SCHEMA": "Timeline.1", "name": "bench", "tracks": stack}, indent=4))


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
    took = in_turn(commands, rounds)
    peak = {name: peak_mib(command) for name, command in commands.items()}
    print(
        f"{label:>16}  clearcut {took['clearcut']:7.3f} s {peak['clearcut']:6.0f} MiB   "
        f"otio {took['otio']:7.3f} s {peak['otio']:6.0f} MiB   time x{took['clearcut'] / took['otio']:.2f}  "
        f"memory x{peak['clearcut'] / peak['otio']:.2f}",
        flush=True,
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clips", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--write", nargs=2, metavar=("FILE", "CLIPS"), help="only write such a cut")
    options = parser.parse_args()
    if options.write:
        write_cut(Path(options.write[0]), int(options.write[1]))
        return
    with tempfile.TemporaryDirectory() as name:
        for clips in options.clips:
            path = Path(name) / f"{clips}.otio"
            # In a process of its own: a child's peak begins with its parent's size.
            subprocess.run([sys.executable, __file__, "--write", str(path), str(clips)], check=True)
            ours, theirs = OURS.format(path=str(path), rate=None), THEIRS.format(path=str(path))
            compare(f"{clips} clips", ours, theirs, options.runs)
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
