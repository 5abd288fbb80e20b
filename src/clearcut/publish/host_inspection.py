"""What can be told about the gate in Nuke and Blender, from outside of them and inside, and plainly what cannot."""

from __future__ import annotations

from collections.abc import Iterator

from clearcut.publish.finding import Finding, broken


def inspect_host(host: str) -> Iterator[Finding]:
    """The findings that are the host's own; none for a shell."""
    yield from {"nuke": _inspect_nuke, "blender": _inspect_blender}.get(host, lambda: iter(()))()


def _inspect_nuke() -> Iterator[Finding]:
    yield broken("nuke", "not there yet", "")


def _inspect_blender() -> Iterator[Finding]:
    yield broken("blender", "not there yet", "")
