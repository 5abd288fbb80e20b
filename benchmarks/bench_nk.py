"""Reading .nk: ours beside maxWiklund/nuke_parser in the same run, on the same files, and whether both see the same.

    python benchmarks/bench_nk.py [FOLDER...]          comps and gizmos found below the folders, and a generated comp
    CLEARCUT_PEERS=DIR python benchmarks/bench_nk.py   where the peer's source lies (a folder with nuke_parser/, or a
                                                       clone of it, bare or not); nothing of it is part of Clearcut

Goal: at least 8 MB/s, and every file that the peer reads gives the same nodes and connections. Where both differ the
difference is printed, and how many files there are of each kind: the peer matches lines, so it stumbles where a quote
or a brace stands inside a value.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
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
    """Prints where both differ and why; how many files that the peer reads we do not, or read differently."""
    causes: Counter[str] = Counter()
    lost = 0
    for file, other in theirs.items():
        mine = ours[file]
        if isinstance(mine, Exception):
            both = other is None or isinstance(other, Exception)
            lost += not both
            cause = "neither reads it" if both else "NOT read by us"
        elif other is None or isinstance(other, Exception):
            cause = "read by us alone"
        else:
            b = peer_graph(other)
            cause = why_different(ours_graph(mine), b[1:] if b and b[0][0] == "Root" else b, file)  # type: ignore[arg-type]
        causes[cause.partition(":")[0]] += 1
        if cause not in _THE_SAME and cause != "read by us alone":
            print(f"  {file.name}: {cause}")
    for cause, count in causes.most_common():
        print(f"{count:6} {cause}")
    same = sum(causes[cause] for cause in _THE_SAME)
    print(f"agreement: {same} of {len(theirs)} files give the same nodes and connections; {lost} lost")
    return lost


_SAME = "the same nodes, names and connections"
_GIZMO = "the same; it calls a gizmo by its file's name"
_BLINK = "the same; it loses the names of BlinkScripts (a quote in the kernel's source)"
_TRIMMED = "the same; it keeps a name's blanks, or takes a name for a number"
_THE_SAME = (_SAME, _GIZMO, _BLINK, _TRIMMED)
_Graph = list[tuple[str, str, tuple[int, ...]]]


def why_different(a: _Graph, b: _Graph, file: Path) -> str:
    """What differs between our graph and the peer's: names alone, and of which kind, or nodes and connections."""
    if a == b:
        return _SAME
    if [(k, i) for k, _, i in a] != [(k, i) for k, _, i in b]:
        at = next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
        return f"nodes or connections differ: from {at} on ours {a[at : at + 1]} theirs {b[at : at + 1]} ({len(a)}/{len(b)})"
    after_file = [x[0] == "Gizmo" and y[1] == file.stem for x, y in zip(a, b, strict=True)]
    names = [
        (x[0], x[1], y[1])
        for x, y, is_its_way in zip(a, b, after_file, strict=True)
        if x[1] != y[1] and not is_its_way
    ]
    if not names:
        return _GIZMO
    if all(kind == "BlinkScript" and not its for kind, _, its in names):
        return _BLINK
    if all(mine.strip().lower() == its.strip().lower() for _, mine, its in names):
        return _TRIMMED
    return f"names differ: {names[0]}"


if __name__ == "__main__":
    sys.exit(main())
