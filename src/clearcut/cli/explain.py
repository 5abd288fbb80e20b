"""`clearcut explain CODE`: what a reason code means, why it hinders, who can fix it and how."""

from __future__ import annotations

import json
from difflib import get_close_matches
from typing import Any

import click

from clearcut.core.reasons import CATALOGUE, CodeEntry, WaiverBy
from clearcut.core.rules import floor_of
from clearcut.core.verdict import Severity
from clearcut.errors import UsageError

HINDERS = {
    Severity.BLOCK: "The shot is blocked: something that was looked at is not allowed.",
    Severity.UNKNOWN: "The shot is unknown, and unknown blocks: something could not be looked at.",
    Severity.WARN: "It does not block; it is told, so that somebody acts in time.",
    Severity.INFO: "It does not block; it is told for the record.",
}
WAIVERS = {
    WaiverBy.NEVER: "nobody, and no rule file makes it milder",
    WaiverBy.LEGAL: "legal, with a second person's approval and an end date",
    WaiverBy.PRODUCER: "a producer or legal, with a second person's approval and an end date",
    WaiverBy.NOT_NEEDED: "needs no waiver: it never blocks by itself",
}


@click.command()
@click.argument("code", required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    show_default=True,
    help="What goes to stdout.",
)
def command(code: str | None, form: str) -> None:
    r"""What a reason code means, why it blocks, who can fix it and how. Without a code: all of them.

    \b
    clearcut explain no-licence
    clearcut explain --format json
    clearcut explain --format markdown > docs/troubleshooting.md
    """
    if form == "markdown":
        from clearcut.cli.explain_page import page

        click.echo(page(tuple(CATALOGUE.values()) if code is None else (_known(code),)), nl=False)
        return
    if code is None:
        click.echo(_json(tuple(CATALOGUE.values())) if form == "json" else _table())
        return
    entry = _known(code)
    click.echo(_json(entry) if form == "json" else _page(entry))


def _known(code: str) -> CodeEntry:
    entry = CATALOGUE.get(code.strip().lower())
    if entry is None:
        near = get_close_matches(code.lower(), CATALOGUE, n=1, cutoff=0.4)
        hint = f"did you mean `clearcut explain {near[0]}`?" if near else "`clearcut explain` lists all codes"
        raise UsageError(f"unknown reason code {code!r}", who="you", remedy=hint)
    return entry


def _page(entry: CodeEntry) -> str:
    floor = floor_of(entry.code)
    lines = [
        f"{entry.code} ({entry.severity.value})",
        "",
        f"  what    {entry.meaning}",
        f"  why     {HINDERS[entry.severity]}",
        f"  who     {entry.who}",
        f"  how     {entry.remedy}",
        f"  waiver  {WAIVERS[entry.waiver]}",
    ]
    if floor is not entry.severity:
        lines.append(
            f'  rules   a rule file may make it "{floor.value}" where the layer above allows it by name'
        )
    if entry.duty:
        lines.append("  duty    where it is only a warning it is still owed: cleared_with_duties")
    return "\n".join(lines)


def _table() -> str:
    width = max(map(len, CATALOGUE))
    lines = [f"{e.code:{width}}  {e.severity.value:7}  {e.meaning}" for e in CATALOGUE.values()]
    return "\n".join([*lines, "", "clearcut explain CODE tells who can fix it and how."])


def _json(shown: CodeEntry | tuple[CodeEntry, ...]) -> str:
    value = _entry(shown) if isinstance(shown, CodeEntry) else [_entry(entry) for entry in shown]
    return json.dumps(value, indent=2, ensure_ascii=False)


def _entry(entry: CodeEntry) -> dict[str, Any]:
    return {
        "code": entry.code,
        "severity": entry.severity.value,
        "floor": floor_of(entry.code).value,
        "meaning": entry.meaning,
        "why": HINDERS[entry.severity],
        "who": entry.who,
        "remedy": entry.remedy,
        "waiver": entry.waiver.value,
        "duty": entry.duty,
    }
