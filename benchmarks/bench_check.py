"""`clearcut check`, a whole process, beside OpenTimelineIO only opening the same file; and `--help` beside click.

python benchmarks/bench_check.py [CLIPS ...]
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from side_by_side import both_in_turn, peak_mib
from worlds import write_cut, write_registry

_OPEN = "import sys, opentimelineio as o; o.adapters.read_from_file(sys.argv[1])"


def main(sizes: list[int]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environ = {
            "HOME": name,
            "XDG_CACHE_HOME": f"{name}/cache",
            "XDG_CONFIG_HOME": f"{name}/config",
            "XDG_DATA_HOME": f"{name}/data",
        }
        registry = write_registry(folder / "registry.json", replicas=5000, licences=10_000)
        print("check: 5,000 replicas, 10,000 licences, cold; beside OpenTimelineIO only opening the file")
        for clips in sizes:
            cut = write_cut(folder / f"cut_{clips}.otio", clips)
            check = [
                sys.executable,
                "-m",
                "clearcut",
                "check",
                str(cut),
                "--registry",
                str(registry),
                "--format",
                "json",
            ]
            peer = [sys.executable, "-c", _OPEN, str(cut)]
            cold = {**environ, "XDG_CACHE_HOME": "/dev/null/none"}
            times = both_in_turn(
                {"clearcut": check, "otio": peer}, rounds=5 if clips <= 10_000 else 3, environ=cold
            )
            ours, theirs = times["clearcut"], times["otio"]
            print(
                f"  {clips:>7} clips: CPU {ours.cpu:.2f} s, otio {theirs.cpu:.2f} s, ratio {ours.cpu / theirs.cpu:.2f}; "
                f"wall {ours.wall:.2f} / {theirs.wall:.2f} s, ratio {ours.wall / theirs.wall:.2f}; "
                f"peak {peak_mib(check, cold):.0f} / {peak_mib(peer, cold):.0f} MiB"
            )
        mixed = write_cut(folder / "mixed.otio", sizes[-1], mixed=True)
        times = both_in_turn(
            {
                "clearcut": [str(mixed) if part == str(cut) else part for part in check],
                "otio": [*peer[:-1], str(mixed)],
            },
            rounds=3,
            environ=cold,
        )
        mixed.unlink()
        print(
            f"  the same with dissolves, retimes, markers and metadata of many shapes: CPU {times['clearcut'].cpu:.2f} s, "
            f"otio {times['otio'].cpu:.2f} s, ratio {times['clearcut'].cpu / times['otio'].cpu:.2f}"
        )
        one = [*check, "--shot", "HEL_0000_0000"]
        first = both_in_turn({"first": one}, rounds=1, environ=environ)["first"]
        again = both_in_turn({"again": one}, rounds=3, environ=environ)["again"]
        cold_again = both_in_turn({"cold": check}, rounds=3, environ=cold)["cold"]
        print(
            f"  the same cut again, one shot asked: CPU {again.cpu:.2f} s, {again.cpu / theirs.cpu:.2f} of otio, "
            f"{again.cpu / cold_again.cpu:.2f} of cold (wall {again.wall / theirs.wall:.2f}, {again.wall / cold_again.wall:.2f}; the first time, keeping it: {first.cpu:.2f} s)"
        )
        # One blank more in the registry: the verdict is found anew, of the cut that the index keeps.
        registry.write_bytes(registry.read_bytes() + b" ")
        changed = both_in_turn({"changed": one}, rounds=1, environ=environ)["changed"]
        as_text = both_in_turn({"text": [*one, "--format", "text"]}, rounds=3, environ=environ)["text"]
        print(
            f"  again after the registry changed: CPU {changed.cpu:.2f} s, ratio {changed.cpu / cold_again.cpu:.2f}; "
            f"again as text: {as_text.cpu:.2f} s, ratio {as_text.cpu / cold_again.cpu:.2f}"
        )
        times = both_in_turn(
            {
                "help": [sys.executable, "-m", "clearcut", "--help"],
                "click": [sys.executable, "-c", "import click"],
            },
            rounds=9,
        )
        print(
            f"help: {times['help'].wall * 1000:.0f} ms, import click {times['click'].wall * 1000:.0f} ms, "
            f"ratio {times['help'].wall / times['click'].wall:.2f}"
        )


if __name__ == "__main__":
    main([int(a) for a in sys.argv[1:]] or [1_000, 10_000, 100_000])
