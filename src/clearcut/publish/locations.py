"""Where the plug-ins and the hosts' start-up files lie: in a wheel inside the package, in a checkout beside `src`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import clearcut
from clearcut.errors import UsageError


@dataclass(frozen=True, slots=True)
class Locations:
    """Absolute folders, one for each search path that a studio sets."""

    plugins: Path  # PYBLISHPLUGINPATH
    nuke: Path  # NUKE_PATH
    blender: Path  # Blender's script path
    standalone: Path  # PATH-like: scripts for shells and farms


def locations(package: Path | None = None) -> Locations:
    """The folders that belong to this installation. `package` is the folder of the import package.

    Raises UsageError when the plug-ins are not there: an installation that was taken apart gates nothing.
    """
    package = package or Path(clearcut.__file__).resolve().parent
    for root in (package / "_shipped", package.parent.parent):
        if (root / "plugins" / "clearcut_ask.py").is_file():
            hosts = root / "hosts"
            return Locations(root / "plugins", hosts / "nuke", hosts / "blender", hosts / "standalone")
    raise UsageError(
        "the plug-ins of this installation are not there",
        where=str(package),
        code="plugins-missing",
        who="pipeline TD",
        remedy="install Clearcut again from its wheel, or use a whole checkout",
    )


def plugins_folder() -> Path:
    """What goes on PYBLISHPLUGINPATH. Raises UsageError as `locations` does."""
    return locations().plugins
