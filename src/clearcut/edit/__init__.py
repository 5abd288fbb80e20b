"""Edit files become a `Cut`. One walker reads all formats; what it cannot read is an EditError, never a short cut."""

from __future__ import annotations

from clearcut.edit.file import OWN_FORMATS, EditFile
from clearcut.edit.live import LiveTimeline

__all__ = ["OWN_FORMATS", "EditFile", "LiveTimeline"]
