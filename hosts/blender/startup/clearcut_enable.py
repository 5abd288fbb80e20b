"""Enables the add-on in every Blender that has this folder among its script paths."""

import sys
from pathlib import Path

import addon_utils

ADDON = "clearcut_gate"
# Blender puts the add-ons' folders there only after the start-up scripts have run.
ADDONS = str(Path(__file__).resolve().parent.parent / "addons")


def register() -> None:
    """Called by Blender at start-up; an extension of the same name that is already on stays."""
    if ADDONS not in sys.path:
        sys.path.append(ADDONS)
    loaded = addon_utils.check(ADDON)[1]
    if not loaded:
        addon_utils.enable(ADDON, default_set=False)


def unregister() -> None:
    """Called by Blender at its end."""
    addon_utils.disable(ADDON, default_set=False)
