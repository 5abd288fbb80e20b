"""`clearcut audit verify|set-clock`: whether the record of changes is as it was written, and by a clock that is right."""

from __future__ import annotations

import re

import click

from clearcut.cli.database import database_option, needs_server_extra, person
from clearcut.errors import UsageError

_HEAD = re.compile(r"(\d{1,12}):([0-9a-f]{64})", re.ASCII)


@click.group()
def command() -> None:
    """Verify the record of changes, refusals and tokens."""


@command.command()
@click.option("--why", required=True, help="What was wrong with the clock; stands in the record.")
@database_option
def set_clock(why: str, database: str) -> None:
    r"""Say that this machine's clock is right now, and was wrong when it recorded later moments.

    A server whose clock stands before what it has recorded gives no decision: what has ended would stand again. Set
    the clock first; only if it was wrong before is there anything to say.

    \b
      clearcut audit set-clock --why "the time server was a day ahead on Sunday"
    """
    with needs_server_extra():
        from clearcut.store import open_store
    with open_store(database, create=False) as store:
        store.set_clock(by=person(), why=why)
    click.echo("the clock is believed from now on", err=True)


@command.command()
@click.option(
    "--expect", metavar="ROWS:DIGEST", help="What an earlier run printed and somebody kept elsewhere."
)
@database_option
@click.pass_context
def verify(ctx: click.Context, expect: str | None, database: str) -> None:
    r"""Find any edited, removed or reordered row, and records changed behind the store.

    Prints ROWS:DIGEST, the end of the record. Keep it where nobody who can write to the database can: given back
    with --expect, it also shows a record that was rewritten as a whole. Exit 1 when the record does not hold.

    \b
      clearcut audit verify > /elsewhere/head
      clearcut audit verify --expect "$(cat /elsewhere/head)"
    """
    with needs_server_extra():
        from clearcut.store import open_store
        from clearcut.store.audit import Head
    kept = _HEAD.fullmatch(expect) if expect is not None else None
    if expect is not None and kept is None:
        raise UsageError("--expect is no ROWS:DIGEST", remedy="give what `clearcut audit verify` printed")
    with open_store(database, create=False) as store:
        head, found = store.verify()
        faults = list(found)
        if kept is not None and int(kept[1]) > 0 and not store.follows(Head(int(kept[1]), kept[2])):
            faults.append(f"row {kept[1]} is not the one that was kept: the record was rewritten or cut off")
    for fault in faults:
        click.echo(f"audit: {fault}", err=True)
    if faults:
        click.echo(
            f"clearcut: the record does not hold ({len(faults)} faults); administrator: restore the last backup whose "
            "record holds, and find out who wrote to the database",
            err=True,
        )
        ctx.exit(1)
    click.echo(f"{head.sequence}:{head.digest}")
