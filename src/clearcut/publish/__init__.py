"""The Pyblish bridge: all the logic that `plugins/` needs.

The plug-in files import from here inside `process()` only, so that a machine without Clearcut stops with an error
instead of skipping the file (facts.md). An in-process gate is tamper-evident at best: whoever runs code in the
artist's process can take it out. The hard gate verifies outside of it.
"""

from __future__ import annotations

from clearcut.publish.gate import ask, collect, guard, note, release, validate
from clearcut.publish.locations import Locations, locations
from clearcut.publish.stamp import GateRecord

__all__ = ["GateRecord", "Locations", "ask", "collect", "guard", "locations", "note", "release", "validate"]
