"""`clearcut usage`: what rights people account for, from reports that `clearcut check` saved."""

from __future__ import annotations

import json
from pathlib import Path

import click

from clearcut.core.verdict import Verdict
from clearcut.errors import UsageError

_FORMATS = ("csv", "html", "json")


@click.command()
@click.argument("reports", nargs=-1, required=True, type=click.Path(path_type=Path, readable=False))
@click.option("--registry", metavar="FILE", help="Adds the licences' terms and approvals (JSON or SQLite).")
@click.option(
    "--format", "form", type=click.Choice(_FORMATS), default="csv", help="What goes to stdout [csv]."
)
def command(reports: tuple[Path, ...], registry: str | None, form: str) -> int:
    r"""Per performer and licence: shots, screen time, terms, duties and approvals of a cut or of several.

    \b
      clearcut check v041.otio --output v041.json
      clearcut check v042.otio --output v042.json
      clearcut usage v041.json v042.json --registry registry.json --format html > usage.html

    Exit 0 when it was written, whatever the outcomes; 2 when a file is no report.
    """
    from clearcut.backend import open_registry
    from clearcut.report.usage import usage_csv, usage_json, usage_rows

    rows = usage_rows([read_report(path) for path in reports], open_registry(registry) if registry else None)
    if form == "html":
        from clearcut.report.usage_html import usage_html

        click.echo(usage_html(rows), nl=False)
    else:
        click.echo(usage_json(rows) if form == "json" else usage_csv(rows), nl=False)
    return 0


def read_report(path: Path) -> Verdict:
    """The verdict that `clearcut check` saved as JSON. Raises UsageError when the file is none."""
    from clearcut.report.json import verdict_from_json

    remedy = "save one with `clearcut check EDIT --output report.json`"
    if path.exists() and not path.is_file():
        # A pipe would be waited for for ever, and a device has no end.
        raise UsageError("not a regular file", where=str(path), remedy=remedy)
    try:
        return verdict_from_json(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise UsageError(f"could not be read: {error.strerror}", where=str(path), remedy=remedy) from error
    except (ValueError, RecursionError) as error:
        raise UsageError(f"not a report: {error}", where=str(path), remedy=remedy) from error
