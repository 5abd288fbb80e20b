"""Readers of comps and scenes: what each publish target really uses. Each format's reader is imported when needed."""

from __future__ import annotations

from clearcut.scene.reading import read_scene
from clearcut.scene.scan import scan_to_json

__all__ = ["read_scene", "scan_to_json"]
