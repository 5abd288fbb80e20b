"""`clearcut mark`: a saved verdict as coloured markers on the edit it was given about."""

from __future__ import annotations

import hashlib
from pathlib import Path

import click

from clearcut.cli.usage import read_report
from clearcut.errors import UsageError


@click.command()
@click.argument("edit", type=click.Path(path_type=Path, readable=False))
@click.argument("report", type=click.Path(path_type=Path, readable=False))
@click.option(
    "--output",
    type=click.Path(path_type=Path, readable=False),
    required=True,
    metavar="FILE",
    help="The marked .otio.",
)
def command(edit: Path, report: Path, output: Path) -> int:
    r"""The edit with a coloured marker on each shot that uses a replica, for the viewer you already have.

    \b
      clearcut check cut.otio --output report.json
      clearcut mark cut.otio report.json --output cut_marked.otio

    The cut is otherwise unchanged. EDIT must be the very file that the report is about; it is never written over.
    """
    from clearcut.report.otio import CannotMarkError, mark_edit

    verdict = read_report(report)
    try:
        content = edit.read_bytes()
        if output.exists() and output.samefile(edit):
            raise UsageError("is the edit itself", where=str(output), remedy="name another file")
    except OSError as error:
        raise UsageError(f"could not be read: {error.strerror}", where=str(edit)) from error
    if hashlib.sha256(content).hexdigest() != verdict.edit.sha256:
        raise UsageError(
            "is not the edit that the report is about: its content differs",
            where=str(edit),
            remedy="check this edit again, and mark it with that report",
        )
    try:
        marked = mark_edit(content, verdict)
        output.write_bytes(marked)
    except CannotMarkError as error:
        raise UsageError(
            str(error), where=str(edit), remedy="save the edit as .otio and check that"
        ) from error
    except OSError as error:
        raise UsageError(f"could not be written: {error.strerror}", where=str(output)) from error
    click.echo(f"clearcut: wrote {output}", err=True)
    return 0
