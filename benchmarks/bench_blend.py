"""The pre-screen of a .blend without Blender, beside plainly reading and hashing the same file.

    python benchmarks/bench_blend.py [FILE.blend...]

Goal: 30 MB in under 50 ms on an idle core pair; the peer is the floor, because the digest is part of the answer.
Without files a script of Blender's own layout is written here: 30 MB in 8,000 blocks, 300 pictures and 200 libraries.
"""

from __future__ import annotations

import hashlib
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

from clearcut.scene import read_scene

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
GOAL_MS, ROUNDS = 50, 9


def generated(path: Path) -> None:
    """A file of the size that a shot has."""
    from fakes.blends import Blend

    blend = Blend()
    blend.scene("Scene", "//out/", 1001, 1100)
    for number in range(300):
        blend.datablock("IM", "Image", f"skin{number}", name=f"//tex/p1_{number}.png")
    for number in range(200):
        blend.library(f"//char/p{number}.blend", f"GRP{number}_double")
    for number in range(7000):
        blend.datablock("OB", "Object", f"object{number}")
    # What most of a file is: vertices, which the reader steps over.
    vertices = random.Random(1).randbytes(60_000)
    for _ in range(480):
        blend.block("DATA", vertices)
    path.write_bytes(blend.content())


def ms(call: object) -> float:
    """The median milliseconds of a call."""
    taken = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        call()  # type: ignore[operator]
        taken.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken)


def main(files: list[Path]) -> None:
    """One line for each file."""
    with tempfile.TemporaryDirectory() as folder:
        if not files:
            files = [Path(folder) / "generated.blend"]
            generated(files[0])
        for file in files:
            floor = ms(lambda file=file: hashlib.sha256(file.read_bytes()).hexdigest())
            ours = ms(lambda file=file: read_scene(file))
            size = file.stat().st_size / 1e6
            print(
                f"{file.name}: {size:.0f} MB, pre-screen {ours:.0f} ms, reading and hashing alone {floor:.0f} ms "
                f"({ours / floor:.1f} times; goal: 30 MB under {GOAL_MS} ms)"
            )


if __name__ == "__main__":
    main([Path(argument) for argument in sys.argv[1:]])
