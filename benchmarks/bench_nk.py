"""Reading .nk: ours beside maxWiklund/nuke_parser in the same run, on the same files, and whether both see the same.

    python benchmarks/bench_nk.py [FOLDER...]          comps and gizmos found below the folders, and a generated comp
    CLEARCUT_PEERS=DIR python benchmarks/bench_nk.py   where the peer's source lies (a folder with nuke_parser/, or a
                                                       clone of it, bare or not); nothing of it is part of Clearcut

Goal: at least 8 MB/s, and every file that the peer reads gives the same nodes and connections. Where both differ the
difference is printed: the peer matches lines, so it stumbles where a brace stands inside a value.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from clearcut.scene.nk.reader import decode, read_nk
from clearcut.scene.nk.script import Script, read_script

GOAL_MB_S = 8.0
_PEER = "maxWiklund/nuke_parser"


def generated(count: int) -> str:
    """A comp of so many elements, each read, graded, merged, some by expression, with the usual knobs."""
    head = "#! /opt/Nuke15.1v3/libnuke-15.1.3.so -nx\nversion 15.1 v3\nRoot {\n inputs 0\n name /jobs/comp.nk\n}\n"
    tail = "Write {\n file /out/sh010.%04d.exr\n file_type exr\n name Write1\n}\n"
    return head + "".join(map(_element, range(count))) + tail


def _element(i: int) -> str:
    return (
        f"Read {{\n inputs 0\n file_type exr\n file /jobs/show/char/p{i}/comp/beauty_v003.%04d.exr\n"
        ' format "2048 1556 0 0 2048 1556 1 2K_Super_35(full-ap)"\n first 1001\n last 1100\n origfirst 1001\n'
        f" origlast 1100\n origset true\n colorspace scene_linear\n name Read{i}\n xpos {i * 110}\n ypos -300\n}}\n"
        f"set N{i:x} [stack 0]\n"
        f"Grade {{\n channels rgb\n white {{0.98 1.01 1 1}}\n multiply {{{{curve x1001 1 x1100 {i}}}}}\n"
        f' label "\\[value mix] of \\{{{i}\\}}"\n name Grade{i}\n xpos {i * 110}\n ypos -200\n}}\n'
        f"push $N{i:x}\n"
        f"Blur {{\n size {{{{parent.Grade{i}.mix}}}}\n name Blur{i}\n selected true\n xpos 0\n ypos {i}\n}}\n"
        f"Merge2 {{\n inputs 2\n operation screen\n also_merge all\n name Merge{i}\n xpos 0\n ypos {i}\n}}\n"
    )


def find_peer() -> str:
    """The folder to import the peer from, "" when it is not here."""
    for place in (os.environ.get("CLEARCUT_PEERS", ""), "."):
        if not place:
            continue
        for found in Path(place).rglob("nuke_parser/parser.py"):
            return str(found.parent.parent)
        for head in Path(place).rglob("HEAD"):
            if "nuke_parser" in str(head):
                return _unpack(head.parent)
    return ""


def _unpack(git_dir: Path) -> str:
    folder = Path(tempfile.mkdtemp(prefix="clearcut-peer-")) / "nuke_parser"
    folder.mkdir()
    for name in ("__init__.py", "parser.py", "stack.py"):
        shown = subprocess.run(
            ["git", f"--git-dir={git_dir}", "show", f"HEAD:nk_parser/nuke_parser/{name}"],
            capture_output=True,
            check=True,
        )
        (folder / name).write_bytes(shown.stdout)
    return str(folder.parent)


def ours_graph(script: Script) -> list[tuple[str, str, tuple[int, ...]]]:
    """Class, name and connected inputs (as places in this list) of every node, in the order of the file."""
    place = {id(n): i for i, n in enumerate(script.nodes)}
    return [
        (n.kind, n.name if "name" in n.knobs else "", tuple(place[id(i)] for i in n.inputs if i is not None))
        for n in script.nodes
    ]


def peer_graph(root: object) -> list[tuple[str, str, tuple[int, ...]]]:
    """The same of the peer's root node, without the Root that it connects a gizmo's first node to."""
    nodes = root.allNodes()  # type: ignore[attr-defined]
    place = {id(n): i for i, n in enumerate(nodes)}
    return [
        (n.Class(), str(n.name()), tuple(place[id(i)] for i in n.inputs() if id(i) in place)) for n in nodes
    ]


def timed(function: object, files: list[Path]) -> tuple[float, dict[Path, object]]:
    """Seconds of processor time (others may use the machine too) for all files, and what came of each; an exception is kept as the result."""
    results: dict[Path, object] = {}
    begun = time.process_time()
    for file in files:
        try:
            results[file] = function(file)  # type: ignore[operator]
        except Exception as error:  # noqa: BLE001 - a benchmark of two readers reports what either cannot read
            results[file] = error
    return time.process_time() - begun, results


def main() -> int:
    """Prints speed and agreement; 1 when the goal is missed."""
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "generated.nk"
        made.write_text(generated(4000), encoding="utf-8")
        files = [f for a in sys.argv[1:] for e in ("nk", "gizmo") for f in sorted(Path(a).rglob(f"*.{e}"))]
        return measure([*(f for f in files if f.stat().st_size), made])


def measure(files: list[Path]) -> int:
    """Runs both readers over the files."""
    megabytes = sum(f.stat().st_size for f in files) / 1e6
    seconds, ours = timed(lambda f: read_script(decode(f.read_bytes(), str(f))), files)
    whole, _ = timed(lambda f: read_nk(f.read_bytes(), str(f), ""), files)
    speed = megabytes / seconds
    print(f"{len(files)} files, {megabytes:.1f} MB")
    print(f"clearcut: nodes and connections  {seconds:7.2f} s  {speed:6.1f} MB/s  (goal {GOAL_MB_S})")
    print(f"clearcut: the whole scan         {whole:7.2f} s  {megabytes / whole:6.1f} MB/s")
    place = find_peer()
    if not place:
        print(f"peer: {_PEER} is not here (set CLEARCUT_PEERS); the comparison was NOT made")
        return 0 if speed >= GOAL_MB_S else 1
    sys.path.insert(0, place)
    from nuke_parser.parser import parseNk

    peer_seconds, theirs = timed(lambda f: parseNk(str(f)), files)
    print(f"{_PEER}: the same         {peer_seconds:7.2f} s  {megabytes / peer_seconds:6.1f} MB/s")
    print(f"ratio: ours takes {seconds / peer_seconds:.2f} of its time")
    differ = compare(ours, theirs)
    return 0 if speed >= GOAL_MB_S and not differ else 1


def compare(ours: dict[Path, object], theirs: dict[Path, object]) -> int:
    """Prints where both differ; how many files that the peer reads we do not."""
    same = lost = 0
    for file, other in theirs.items():
        mine = ours[file]
        if other is None or isinstance(other, Exception):
            what = "neither reads it" if isinstance(mine, Exception) else "read by us alone"
            print(f"  {file.name}: {what} ({type(other).__name__}: {str(other)[:60]})")
        elif isinstance(mine, Exception):
            lost += 1
            print(f"  {file.name}: NOT read by us: {mine}")
        else:
            a, b = ours_graph(mine), peer_graph(other)  # type: ignore[arg-type]
            b = b[1:] if b and b[0][0] == "Root" else b
            if a == b:
                same += 1
            else:
                at = next(
                    (i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b))
                )
                print(
                    f"  {file.name}: node {at}: ours {a[at : at + 1]} theirs {b[at : at + 1]} ({len(a)}/{len(b)})"
                )
    print(f"agreement: {same} of {len(theirs)} files give the same nodes and connections; {lost} lost")
    return lost


if __name__ == "__main__":
    sys.exit(main())
