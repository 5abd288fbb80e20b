"""What is published: which cut a context names, which shot and which scene an instance is, and its families.

Looks at Pyblish's data only; imports neither Pyblish nor a host. What cannot be told raises CannotTellError,
because a guess here would ask about something else than what is published.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clearcut.core.rules import ShotNaming
from clearcut.core.shots import UNNAMED, shot_in_name
from clearcut.errors import CannotTellError
from clearcut.publish.scenes import FileScene, LiveScene, scene_of


@dataclass(frozen=True, slots=True)
class NamedCut:
    """The cut that a context names: a live timeline, a file, or neither (environment and rule file decide)."""

    timeline: Any = None
    path: Path | None = None

    def same_as(self, other: NamedCut) -> bool:
        """Whether both name one and the same cut; a timeline only equals itself."""
        return self.timeline is other.timeline and self.path == other.path


@dataclass(frozen=True, slots=True)
class Subject:
    """One instance as the gate sees it. `shot` in the cut's spelling; `scene` what it is published from.

    `families` are `family` and `families` together, sorted, without repeats.
    """

    instance: str
    name: str
    shot: str
    scene: FileScene | LiveScene | None
    families: tuple[str, ...]

    @property
    def scene_name(self) -> str:
        """The scene's name, "" without one."""
        return "" if self.scene is None else self.scene.name


def is_published(instance: Any) -> bool:
    """Whether Pyblish would publish it: it leaves out only what is the object False."""
    return instance.data.get("publish") is not False


def published(context: Any) -> list[Any]:
    """The instances that Pyblish would publish, in their order."""
    return [instance for instance in context if is_published(instance)]


def named_cut(context: Any) -> NamedCut:
    """`otioTimeline`, else `clearcutEdit`, else nothing named. Raises CannotTellError for a path that is none."""
    timeline = context.data.get("otioTimeline")
    if timeline is not None:
        return NamedCut(timeline=timeline)
    edit = context.data.get("clearcutEdit")
    if edit is None:
        return NamedCut()
    if not isinstance(edit, (str, os.PathLike)) or not str(edit):
        raise CannotTellError(
            "it is not a path",
            where="context.data['clearcutEdit']",
            code="cut-missing",
            remedy="set it to the path of the edit file",
        )
    return NamedCut(path=Path(edit))


@dataclass(frozen=True, slots=True)
class Seen:
    """One instance as its host and collectors describe it; `said` is its shot in their words."""

    instance: str
    name: str
    said: str
    scene: FileScene | LiveScene | None
    families: tuple[str, ...]


def see(instance: Any) -> Seen:
    """The instance as plain values. Raises CannotTellError when its shot or scene is not told as text."""
    return Seen(
        instance=str(instance.id),
        name=str(instance.data.get("name") or instance.name),
        said=_raw_shot(instance),
        scene=scene_of(instance),
        families=tuple(sorted(set(_families(instance)))),
    )


def subject_of(seen: Seen, naming: ShotNaming) -> Subject:
    """What was seen, with its shot in the cut's spelling. Raises CannotTellError when nothing names a shot."""
    shot = cut_spelling(seen.said, naming)
    if not shot or shot == UNNAMED:
        # The cut gathers under this name what is no shot at all: nobody's clearance.
        raise CannotTellError(
            "nothing names its shot",
            where=seen.name,
            code="shot-unnamed",
            remedy="set instance.data['shot'], or mend the rule file's shot patterns",
        )
    return Subject(seen.instance, seen.name, shot, seen.scene, seen.families)


def cut_spelling(name: str, naming: ShotNaming) -> str:
    """The name as the rule file's shot patterns find it, as for a clip's name; the name itself where none fits.

    Raises RulesError on a pattern that is no regular expression.
    """
    found = shot_in_name(name, naming)
    return name if found is None else found.name


def _raw_shot(instance: Any) -> str:
    data = instance.data
    for key in ("shot", "folderPath", "asset"):
        value = data.get(key)
        if value is None or value == "":
            continue
        if not isinstance(value, str):
            raise CannotTellError(
                f"it is a {type(value).__name__}, not a shot's name",
                where=f"{instance.name}: instance.data[{key!r}]",
                code="shot-unnamed",
                remedy="set it to the shot's name as text",
            )
        if key == "folderPath":
            value = value.rstrip("/").rpartition("/")[2]
        if value.strip():
            return value.strip()
    return str(data.get("name") or instance.name).strip()


def _families(instance: Any) -> Iterator[str]:
    family = instance.data.get("family")
    if family:
        yield str(family)
    families = instance.data.get("families") or ()
    # A bare text would otherwise be taken for a list of letters.
    yield from (families,) if isinstance(families, str) else map(str, families)
