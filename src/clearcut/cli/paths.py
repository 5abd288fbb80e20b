"""`clearcut paths`: what to put on the search paths of Pyblish, Nuke and Blender."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

import click

from clearcut.publish.locations import Locations, locations

VARIABLES = ("PYBLISHPLUGINPATH", "NUKE_PATH", "BLENDER_SYSTEM_SCRIPTS")


def folders(found: Locations) -> dict[str, Path]:
    """The folder for each search path, in the order in which they are printed."""
    return dict(zip(VARIABLES, (found.plugins, found.nuke, found.blender), strict=True))


@click.command("paths")
@click.option(
    "--export", "as_shell", is_flag=True, help="Print lines for a POSIX shell, keeping what is set."
)
@click.option("--pyblish", "only", flag_value=VARIABLES[0], help="Only the folder for PYBLISHPLUGINPATH.")
@click.option("--nuke", "only", flag_value=VARIABLES[1], help="Only the folder for NUKE_PATH.")
@click.option("--blender", "only", flag_value=VARIABLES[2], help="Only the folder for Blender's scripts.")
def command(as_shell: bool, only: str | None) -> None:
    r"""What to put on PYBLISHPLUGINPATH, NUKE_PATH and Blender's script path.

    \b
    Begin with:
      clearcut paths                     one line each
      eval "$(clearcut paths --export)"  sets them in this shell
      clearcut doctor                    then says whether the gate holds
    """
    for variable, folder in folders(locations()).items():
        if only is not None and variable != only:
            continue
        click.echo(_line(variable, folder, as_shell=as_shell, alone=only is not None))


def _line(variable: str, folder: Path, *, as_shell: bool, alone: bool) -> str:
    if as_shell and variable == VARIABLES[2]:
        return f"export {variable}={shlex.quote(str(folder))}"  # Blender takes one folder here
    if as_shell:
        # In front: of two classes with one name, Pyblish keeps the first.
        return f"export {variable}={shlex.quote(str(folder))}${{{variable}:+{os.pathsep}${variable}}}"
    return str(folder) if alone else f"{variable}={folder}"
