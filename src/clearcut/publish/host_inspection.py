"""What can be told about the gate in Nuke and Blender: from outside little, inside what they have loaded."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from clearcut.publish.finding import Finding, broken, holds, note, untold
from clearcut.publish.locations import locations
from clearcut.publish.shipped_files import digest_of

_OPERATOR = "CLEARCUT_OT_publish"


def inspect_host(host: str) -> Iterator[Finding]:
    """The findings that are the host's own; none for a shell."""
    if host == "nuke":
        yield from _on_search_path("NUKE_PATH", locations().nuke, "init.py")
        yield from _inside_nuke(sys.modules["nuke"]) if "nuke" in sys.modules else _outside_nuke()
    elif host == "blender":
        bpy = sys.modules.get("bpy")
        if bpy is not None and hasattr(bpy.types, _OPERATOR):
            yield from _on(bpy)  # by script path or as an extension: both are good
        else:
            yield from _on_search_path(
                "BLENDER_SYSTEM_SCRIPTS", locations().blender, "startup/clearcut_enable.py"
            )
            yield from _off(bpy) if bpy is not None else _outside_blender()


def _on_search_path(variable: str, ours: Path, first_file: str) -> Iterator[Finding]:
    folders = [Path(part) for part in os.environ.get(variable, "").split(os.pathsep) if part]
    option = "--nuke" if variable == "NUKE_PATH" else "--blender"
    if not (ours / first_file).is_file():
        yield broken("host-files", f"{ours / first_file} is not there", "install Clearcut again")
    elif any(folder.is_dir() and folder.samefile(ours) for folder in folders):
        yield holds("host-path", f"{variable} has {ours}")
    else:
        yield broken(
            "host-path",
            f"{variable} does not have {ours}",
            f"put the folder that `clearcut paths {option}` prints on {variable}",
        )


def _outside_nuke() -> Iterator[Finding]:
    inside = f"run it inside: nuke -t {locations().nuke / 'clearcut_doctor.py'}"
    yield untold("nuke-python", "whether Nuke's own Python has Clearcut cannot be told from outside", inside)
    yield untold(
        "nuke-callbacks",
        "whether another init.py adds plug-in paths in front of ours or takes our callbacks away, or Nuke is started "
        "with --safe and reads no init.py, cannot be told from outside",
        inside,
    )


def _inside_nuke(nuke: Any) -> Iterator[Finding]:
    yield note("nuke", f"inside Nuke {getattr(nuke, 'NUKE_VERSION_STRING', 'of unknown version')}")
    ours = sys.modules.get("clearcut_nuke")
    if ours is None:
        yield broken(
            "nuke-callbacks",
            "our init.py did not run in this Nuke",
            "put the folder that `clearcut paths --nuke` prints on NUKE_PATH, and start Nuke again",
        )
        return
    yield from _of_this_installation(ours, locations().nuke / "clearcut_nuke.py")
    # Nuke's own table of these callbacks, by class; documented only as the module's source.
    table = getattr(nuke, "beforeRenders", None)
    if not isinstance(table, dict):
        yield untold(
            "nuke-callbacks",
            "this Nuke does not show its beforeRender callbacks",
            "render a shot that is known to be blocked, and see it stopped",
        )
        return
    gone = [
        name
        for name in ours.WRITE_CLASSES
        if not any(row[0] is ours.before_render for row in table.get(name, ()))
    ]
    if gone:
        yield broken(
            "nuke-callbacks",
            f"nothing stands before the render of {', '.join(gone)}",
            "find what calls nuke.removeBeforeRender, or call clearcut_nuke.install() again",
        )
    else:
        yield holds("nuke-callbacks", f"the gate stands before {', '.join(ours.WRITE_CLASSES)}")


def _outside_blender() -> Iterator[Finding]:
    inside = (
        "run `clearcut doctor --host blender` in a Python that has Blender's bpy module, or in Blender itself"
    )
    yield untold(
        "blender-python", "whether Blender's own Python has Clearcut cannot be told from outside", inside
    )
    yield untold("blender-addon", "whether the add-on is on cannot be told from outside", inside)


def _on(bpy: Any) -> Iterator[Finding]:
    yield note("blender", f"inside Blender {bpy.app.version_string}")
    yield holds("blender-addon", "the add-on is on")
    module = sys.modules.get(getattr(bpy.types, _OPERATOR).__module__)
    yield from _of_this_installation(module, locations().blender / "addons" / "clearcut_gate" / "__init__.py")
    yield _handlers()


def _off(bpy: Any) -> Iterator[Finding]:
    yield note("blender", f"inside Blender {bpy.app.version_string}")
    yield broken(
        "blender-addon",
        "the add-on is not on",
        "put the folder that `clearcut paths --blender` prints on BLENDER_SYSTEM_SCRIPTS, or enable the add-on",
    )
    yield _handlers()


def _handlers() -> Finding:
    return note(
        "blender-handlers",
        "a save or a render inside Blender cannot be stopped (its handlers' errors are ignored): the publish and "
        "the farm are where the gate is",
    )


def _of_this_installation(module: Any, ours: Path) -> Iterator[Finding]:
    """A start-up file that is running, as against the one of the Clearcut that it calls."""
    running = Path(str(getattr(module, "__file__", None) or ""))
    if not running.is_file() or not ours.is_file():
        yield untold(
            "host-version",
            f"whether {getattr(module, '__name__', 'what runs here')} is of this Clearcut cannot be told",
            "install Clearcut again",
        )
    elif digest_of(running) != digest_of(ours):
        yield broken(
            "host-version",
            f"{running} runs here and is of another version than the Clearcut that it calls, whose own is {ours}",
            "give the host one Clearcut: its start-up files and its Python package of one version",
        )
    else:
        yield holds("host-version", f"{running} is of this Clearcut")
