"""`clearcut panel`: the window a compositor and a producer look at."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from clearcut.bootstrap import utc_now
from clearcut.cli.options import check_options, judging_options
from clearcut.errors import UsageError
from clearcut.panel.asking import Answer, Tell, ask


@click.command()
@click.argument("edit", type=click.Path(path_type=Path, readable=False), required=False)
@judging_options
def command(edit: Path | None, **judging: Any) -> int:
    r"""A window on the verdict: which shots may be published, why not, what to do and whom to ask.

    \b
      clearcut panel cut.otio --registry registry.json
      clearcut panel cut.otio --server http://clearance:8765

    The window shows a verdict and never changes one. Exit 0 when it is closed.
    """
    try:
        from clearcut.panel.qt.app import run
    except ImportError as error:
        raise UsageError(
            f"the window needs Qt, which cannot be loaded here ({error})",
            remedy="install clearcut[panel], or use `clearcut check --output report.html`",
        ) from error
    given = check_options(edit, (), {}, **judging)

    def check(chosen: Path | None, tell: Tell) -> Answer:
        return ask(given if chosen is None else check_options(chosen, (), {}, **judging), tell)

    return run(check, utc_now, edit)
