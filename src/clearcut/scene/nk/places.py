"""What a written path means beyond itself: from the script's project directory, and in each of its views."""

from __future__ import annotations

import re
from pathlib import PurePath

from clearcut.core import paths
from clearcut.scene.nk.knobs import plain, why_not_literal
from clearcut.scene.nk.script import Node

# How scripts say "beside me".
_BESIDE = re.compile(
    r"\[\s*(?:python\s+(?:-\w+\s+)?\{?\s*nuke\.script_directory\(\)\s*\}?|"
    r"file\s+dirname\s+\[\s*(?:value|knob)\s+root\.name\s*\])\s*\]/?"
)
_VIEW = re.compile(r"%[vV]")
_MAX_VIEWS = 64


class Places:
    """Answers for one script, whose Root node names the project directory and the views."""

    def __init__(self, root: Node, script_path: str) -> None:
        self._views_raw = root.knobs.get("views", "main")
        raw = root.knobs.get("project_directory", "")
        written = plain(raw).strip()
        beside = _BESIDE.fullmatch(written) is not None
        self._folder = str(PurePath(script_path).parent) if beside else written
        self._why_folder = "" if beside else why_not_literal(raw)

    def why_open(self, value: str) -> str:
        """Why it cannot be told where a path leads; "" when it can."""
        if self._why_folder and _is_relative(value):
            return "it is relative to a project directory that is computed"
        if _VIEW.search(value) and why_not_literal(self._views_raw):
            return "it is another file in each view, and the views are computed"
        return ""

    def also(self, value: str) -> tuple[str, ...]:
        """The paths that are meant besides the value as it stands; empty for most."""
        found = [value]
        if self._folder and not self._why_folder and _is_relative(value):
            found.append(f"{self._folder}/{value}")
        if _VIEW.search(value):
            found += [_in_view(one, view) for one in found for view in self._views()]
        return tuple(found[1:])

    def _views(self) -> list[str]:
        words = plain(self._views_raw).replace("{", " ").replace("}", " ").split()
        return [word for word in words if not word.startswith("#")][:_MAX_VIEWS]


def _is_relative(value: str) -> bool:
    return not paths.is_absolute(paths.normal_path(value))


def _in_view(value: str, view: str) -> str:
    return value.replace("%V", view).replace("%v", view[0])
