"""Whether Clearcut's reader sees what this Nuke sees. Run it once on scripts of your own, and send the result back.

    nuke -t clearcut_selftest.py RESULT.json SCRIPT.nk [SCRIPT.nk ...]

Each script is opened, the live graph above every write node is walked, and the reader is asked about the same file and
about what the gate would save of it.
The result holds names and classes of nodes, no paths and no knobs. Exit codes: 0 both agree; 1 they differ; 2 wrong
usage; 3 a script could not be compared. Nothing is rendered or saved.
"""

import hashlib
import json
import sys
import traceback
from pathlib import Path
from typing import Any

import nuke

sys.path.insert(0, str(Path(__file__).resolve().parent))

SCHEMA = "clearcut.nuke-selftest/1"


def main(arguments: list) -> int:
    """Compares every script, writes the result in one step, and returns the exit code."""
    if len(arguments) < 2 or not arguments[0].endswith(".json"):
        print("usage: nuke -t clearcut_selftest.py RESULT.json SCRIPT.nk [SCRIPT.nk ...]", file=sys.stderr)
        return 2
    result = Path(arguments[0])
    scripts = [_compared(Path(script)) for script in arguments[1:]]
    found = {"schema": SCHEMA, "nuke": nuke.NUKE_VERSION_STRING, "python": sys.version.split()[0]}
    part = result.with_suffix(".part")
    part.write_text(json.dumps({**found, "scripts": scripts}, indent=2) + "\n", encoding="utf-8")
    part.replace(result)
    wrong = [script["name"] for script in scripts if script["error"]]
    differ = [script["name"] for script in scripts if not script["error"] and not script["agrees"]]
    print(f"{len(scripts)} compared, {len(differ)} differ, {len(wrong)} could not be compared: {result}")
    return 3 if wrong else 1 if differ else 0


def _compared(path: Path) -> dict:
    """One script's part of the result. Whatever goes wrong with it is told there, and the others go on."""
    said = {"name": path.name, "error": "", "agrees": False, "gate": "", "targets": []}
    try:
        said["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
        nuke.scriptOpen(str(path))
        said["targets"], said["problems"] = _targets(path)
        if not said["targets"]:
            raise ValueError("no write node to compare")
        said["gate"] = _gate(path)
        said["agrees"] = not said["gate"] and all(not t["missed"] and not t["extra"] for t in said["targets"])
    except Exception as error:  # noqa: BLE001 - the entry point: an error is never "agrees"
        where = traceback.extract_tb(error.__traceback__)[-1]
        said["error"] = f"{type(error).__name__} at {Path(where.filename).name}:{where.lineno}"
    return said


def _targets(path: Path) -> tuple:
    from clearcut_graph import named_above, upstream

    from clearcut.scene import read_scene

    scene = read_scene(path, gizmo_paths=[Path(folder) for folder in nuke.pluginPath()])
    carriers = {r.node: r.kind for r in scene.unused}
    for target in scene.targets:
        carriers.update((r.node, r.kind) for r in target.references)
    targets = []
    for target in scene.targets:
        node = nuke.toNode(target.name)
        if node is None:
            targets.append(_target(target.name, [], ["the target itself"], 0, 0))
            continue
        live, possible = upstream(node), named_above(node)
        told = {r.node for r in target.references}
        open_groups = tuple(f"{r.node}." for r in target.references if r.state.value == "unknown")
        # Drawn on by Nuke, bearing a file, and neither used nor unknown to the reader: what must never happen.
        missed = sorted(
            f"{name} ({live_node.Class()})"
            for name, live_node in live.items()
            if name != target.name
            and name not in told
            and not name.startswith(open_groups or ("\0",))
            and (name in carriers or _names_a_file(live_node))
        )
        extra = sorted(f"{name} ({carriers[name]})" for name in told - possible - {target.name})
        targets.append(_target(target.name, missed, extra, len(live), len(told)))
    return targets, len(scene.problems)


def _gate(path: Path) -> str:
    """What hinders the gate here, "" for nothing: it saves what is open (not every licence may) and reads that."""
    from clearcut_nuke import OpenScript

    from clearcut.errors import SceneError
    from clearcut.scene import read_scene

    try:
        saved = OpenScript("").read()
    except SceneError as error:
        return error.code
    on_disk = read_scene(path, gizmo_paths=[Path(folder) for folder in nuke.pluginPath()])
    return (
        "" if _nodes(saved) == _nodes(on_disk) else "what is open, saved, says something else than the file"
    )


def _nodes(scene: Any) -> dict:
    return {target.name: sorted(r.node for r in target.references) for target in scene.targets}


def _target(name: str, missed: list, extra: list, live: int, told: int) -> dict:
    return {"name": name, "missed": missed, "extra": extra, "nodes_live": live, "references_read": told}


def _names_a_file(node: Any) -> bool:
    knob = node.knob("file")
    return knob is not None and bool(knob.value())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
