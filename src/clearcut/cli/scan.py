"""`clearcut scan`: what comps and scenes use, per publish target. Reads them without their host and runs nothing."""

from __future__ import annotations

import json
from pathlib import Path

import click

from clearcut.cli import Exit
from clearcut.core.registry import Recognition
from clearcut.core.scene import Scene
from clearcut.errors import SceneError
from clearcut.scene.reading import kind_of, read_scene
from clearcut.scene.scan import is_certain, scan_to_json, scan_to_text


@click.command()
@click.argument(
    "files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path, readable=False)
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    help="What goes to stdout [text].",
)
@click.option(
    "--registry",
    metavar="FILE",
    help="Also name the replicas that this registry (JSON or SQLite) knows by path or identity.",
)
@click.option(
    "--gizmos",
    multiple=True,
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    metavar="DIR",
    help="Look for the sources of gizmos in this folder (repeatable).",
)
def command(files: tuple[Path, ...], form: str, registry: str | None, gizmos: tuple[Path, ...]) -> int:
    r"""What a comp or scene uses, per publish target: .nk, .blend, .usd/.usda/.usdc/.usdz, .exr.

    \b
      clearcut scan comp_v004.nk
      clearcut scan comp_v004.nk --format json --registry registry.json
      clearcut scan comp_v004.nk --gizmos /studio/nuke/gizmos

    Three answers: used, not used, unknown (it cannot be told from the file).

    Exit codes: 0 each file was read and tells all it uses; 2 wrong usage; 3 a file could not be read, has no
    target, or uses what cannot be told.
    """
    recognition = _recognition(registry)
    scenes = [_read(file, gizmos) for file in files]
    unsure = [scene for scene in scenes if not is_certain(scene)]
    scan = scan_to_json(scenes, recognition)
    click.echo(
        json.dumps(scan, indent=2) if form == "json" else scan_to_text(scan),
        nl=form == "json",
    )
    if not unsure:
        return int(Exit.CLEARED)
    click.echo(f"clearcut: {_last_word(unsure)}", err=True)
    return int(Exit.CANNOT_TELL)


def _last_word(unsure: list[Scene]) -> str:
    """What could not be told, and what to do next."""
    shown = ", ".join(scene.path for scene in unsure[:3])
    shown += f" and {len(unsure) - 3} more" if len(unsure) > 3 else ""
    if not any(scene.targets or scene.problems for scene in unsure):
        return f"nothing in {shown} is published by a write node, a render or a stage: name the file that renders the shot"
    return f"cannot tell all that {shown} uses: see what is unknown above, and mend it or name its sources"


def _read(file: Path, gizmos: tuple[Path, ...]) -> Scene:
    """The scene, or one that says why there is none, so that one bad file does not hide the others."""
    try:
        return read_scene(file, gizmo_paths=gizmos)
    except SceneError as error:
        click.echo(f"clearcut: {error.code}: {error}; {error.who}: {error.remedy}", err=True)
        return Scene(
            str(file), kind_of(file), "", (), (), (f"{error.code}: {error.message}; {error.remedy}",)
        )


def _recognition(registry: str | None) -> Recognition | None:
    if registry is None:
        return None
    from clearcut.backend import open_registry

    return open_registry(registry).recognition()
