"""Scenes as `clearcut.scan/1`: what each publish target uses, as plain JSON values and as text for people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from clearcut.core.registry import Recognition
from clearcut.core.scene import ReferenceState, Scene, SceneReference, Target

if TYPE_CHECKING:
    from clearcut.core.matching import Recogniser

SCHEMA = "clearcut.scan/1"


def scan_to_json(scenes: Iterable[Scene], recognition: Recognition | None = None) -> dict[str, Any]:
    """The scan as JSON values, in the order of the scenes and of their files.

    `replicas` of a reference are those its node claims, and with a recognition those its path or identity is
    registered for; without one, only the claims.
    """
    named = _Naming(recognition)
    return {"schema": SCHEMA, "files": [_file(scene, named) for scene in scenes]}


def is_certain(scene: Scene) -> bool:
    """Whether a scene tells all it uses: it has a target, no problem, and no unknown reference."""
    return (
        bool(scene.targets)
        and not scene.problems
        and all(r.state is ReferenceState.USED for t in scene.targets for r in t.references)
    )


class _Naming:
    """Names the replicas of a reference."""

    def __init__(self, recognition: Recognition | None) -> None:
        self._recogniser: Recogniser | None = None
        if recognition is not None:
            from clearcut.core.matching import Recogniser

            self._recogniser = Recogniser(recognition)

    def __call__(self, reference: SceneReference) -> list[str]:
        ids = list(reference.replicas)
        if self._recogniser is not None:
            found = [
                one
                for value in (reference.value, *reference.also)
                if value
                for one in self._recogniser.path(value).found
            ]
            for key, value in reference.metadata:
                found.extend(self._recogniser.pair(key, value))
            ids.extend(sorted(one.asset.replica for one in found))
        return list(dict.fromkeys(ids))


def _file(scene: Scene, named: _Naming) -> dict[str, Any]:
    return {
        "path": scene.path,
        "kind": scene.kind,
        "sha256": scene.sha256,
        "targets": [_target(target, named) for target in scene.targets],
        "unused": [{"node": r.node, "class": r.kind, "knob": r.knob, "value": r.value} for r in scene.unused],
        "problems": list(scene.problems),
    }


def _target(target: Target, named: _Naming) -> dict[str, Any]:
    return {
        "name": target.name,
        "output": target.output,
        "references": [
            {
                "node": r.node,
                "class": r.kind,
                "knob": r.knob,
                "value": r.value,
                "state": r.state.value,
                "why": r.why,
                "replicas": named(r),
            }
            for r in target.references
        ],
    }


def scan_to_text(scan: dict[str, Any]) -> str:
    """A scan for people: per file its targets and what each uses, then what none uses, then what cannot be told."""
    lines: list[str] = []
    for file in scan["files"]:
        lines.append(f"{_clean(file['path'])}  ({file['kind'] or 'not read'})")
        for target in file["targets"]:
            lines.append(f"  {_clean(target['name'])} -> {_clean(target['output'] or '(no output named)')}")
            lines.extend(_line(r["state"], r) for r in target["references"])
            if not target["references"]:
                lines.append("    uses no file")
        if not file["targets"]:
            lines.append("  no target: nothing in it is published by a write node, a render or a stage")
        if file["unused"]:
            lines.append("  used by no target:")
            lines.extend(_line("not used", r) for r in file["unused"])
        if file["problems"]:
            lines.append("  cannot be told:")
            lines.extend(f"    {_clean(problem)}" for problem in file["problems"])
    return "\n".join(lines) + "\n"


def _line(state: str, reference: dict[str, Any]) -> str:
    parts = [f"    {state:<8}  {_clean(reference['node'])} ({_clean(reference['class'])})"]
    if reference["value"] is not None:
        parts.append(_clean(reference["value"]))
    if reference.get("replicas"):
        parts.append("= " + ", ".join(_clean(r) for r in reference["replicas"]))
    if reference.get("why"):
        parts.append(f"- {_clean(reference['why'])}")
    return "  ".join(parts)


def _clean(text: str) -> str:
    """A file's own words can hold control characters: none reaches a terminal."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
