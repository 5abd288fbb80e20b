"""`clearcut impact`: which shots a licence, a performer or a suspension touches, and what was published of them."""

from __future__ import annotations

import click

from clearcut.backend import RemoteCuts
from clearcut.bootstrap import CheckOptions
from clearcut.cli.server_option import remote, server_option
from clearcut.report.impact import Impact, impact_to_json, impact_to_text


@click.command()
@click.option("--licence", metavar="ID", help="What rests on this licence.")
@click.option("--performer", metavar="ID", help="What shows this performer.")
@click.option("--suspension", metavar="ID", help="What this suspension of the registry is about.")
@server_option
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help="What goes to stdout.",
)  # fmt: skip
def command(
    licence: str | None, performer: str | None, suspension: str | None, server: str | None, form: str
) -> None:
    r"""Which shots of registered cuts, and which publishes, rest on a licence, a performer or a suspension.

    Ask before you revoke, and after. It needs the token of an officer, auditor or admin. Shots come from the cuts
    that `clearcut cut register` brought in, publishes from what the gate noted, the replicas of comps and scenes too.

    \b
      clearcut impact --licence L-1
      clearcut impact --performer perf-p1 --format json

    Exit codes: 0 the answer was printed, whatever it says; 2 wrong usage, or no such suspension; 3 the server did not
    answer.
    """
    given = {"licence": licence, "performer": performer, "suspension": suspension}
    cause = {kind: name for kind, name in given.items() if name is not None}
    if len(cause) != 1:
        raise click.UsageError("name one of --licence, --performer and --suspension")
    client = remote(RemoteCuts, CheckOptions(server=server))
    ((kind, name),) = cause.items()
    found = Impact(kind, name, tuple(client.impact(cause)), tuple(client.publishes(cause)))
    click.echo(impact_to_json(found) if form == "json" else impact_to_text(found))
