"""Runs Blender's Python module in a child, within a time limit: Blender can hang, and it can crash.

It is the running Python when that has bpy, else the one that CLEARCUT_BPY_PYTHON names, else `.venv-bpy45` of this
clone (`make blender`). Skipped by name where there is none; CLEARCUT_NEEDS="blender" makes that a failure.
"""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from fakes.needs import needed

ROOT = Path(__file__).resolve().parents[2]
BLENDER = ROOT / "hosts" / "blender"
ADDONS = BLENDER / "addons"
HELIOS = ROOT / "src" / "clearcut" / "shipped" / "helios"
CONTRACT = ROOT / "tests" / "hosts" / "on_blender" / "live_contract.py"
_SCRUBBED = ("CLEARCUT_", "PYBLISH", "PYTHON", "BLENDER_", "VIRTUAL_ENV", "PYTEST", "COV_")
_MADE = ROOT / ".venv-bpy45" / "bin" / "python"


def blender_python():
    named = os.environ.get("CLEARCUT_BPY_PYTHON")
    if named:
        return named
    if importlib.util.find_spec("bpy"):
        return sys.executable
    if _MADE.exists():
        return str(_MADE)
    return sys.executable if needed("blender") else None


needs_blender = pytest.mark.skipif(
    blender_python() is None,
    reason="bpy is not installed (wheels for Python 3.11: `make blender`, or set CLEARCUT_BPY_PYTHON)",
)


def run(*arguments, **environ):
    """Exit code, stdout and stderr of a child with bpy and the shipped show behind it."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(_SCRUBBED)}
    clean |= {
        "PYTHONPATH": str(ROOT / "src"),
        "CLEARCUT_EDIT": str(HELIOS / "helios_v041.otio"),
        "CLEARCUT_REGISTRY": str(HELIOS / "registry.json"),
        **environ,
    }
    done = subprocess.run(
        [blender_python(), *map(str, arguments)],
        env=clean,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def run_pytest(file):
    """One test file inside Blender's Python. It ends before Blender does, which can hang at its end."""
    arguments = ["-q", "-p", "no:cacheprovider", "--noconftest", "-c", os.devnull, str(file)]
    script = f"import os, pytest, sys; c = pytest.main({arguments!r}); sys.stdout.flush(); os._exit(c)"
    return run("-c", script)
