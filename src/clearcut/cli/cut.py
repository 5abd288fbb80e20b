"""`clearcut cut register|govern|list|note`: the versions of a cut that the server keeps, and what is published of them."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import click

from clearcut.backend import RemoteCuts
from clearcut.bootstrap import CheckOptions, compose
from clearcut.check import ask_about
from clearcut.cli import Exit
from clearcut.cli.options import rate
from clearcut.cli.server_option import remote, server_option
from clearcut.core.codec import to_plain
from clearcut.core.registered import RegisteredCut
from clearcut.core.timing import parse_seconds
from clearcut.errors import MissingError, RecognitionChanged
from clearcut.report.visible import visible
from clearcut.report.wording import show_seconds

_Production = click.option("--production", metavar="ID", help="The production [what the edit says].")


@click.group()
def command() -> None:
    r"""Register versions of a cut, make one govern, list them, note publishes.

    \b
      clearcut cut register helios_v042.otio --server https://clearcut.example
      clearcut cut govern v042 --production HELIOS --why "locked for the mix"
      clearcut cut list
      clearcut cut note
    """


@command.command()
@click.argument("edit", type=click.Path(path_type=Path, readable=False))
@server_option
@_Production
@click.option(
    "--rules",
    type=click.Path(path_type=Path, readable=False),
    metavar="FILE",
    help="The rule file [clearcut.toml, found upwards].",
)
@click.option(
    "--rate", type=rate, metavar="RATE", help="The frame rate of an edit that does not say it (EDL)."
)
def register(
    edit: Path, server: str | None, production: str | None, rules: Path | None, rate: Fraction | None
) -> None:
    """Register the edit as a version of its production's cut: its uses, its screen time per licence.

    From then on `clearcut impact` finds its shots. A version is one cut for ever; registering it again changes
    nothing. Exit codes: 0 registered; 2 the version is another cut, or names nothing; 3 the edit could not be read,
    or the server did not answer.
    """
    options = CheckOptions(edit=edit, server=server, production=production, rules=rules, rate=rate)
    client, setup = remote(RemoteCuts, options), compose(options)

    def attempt() -> RegisteredCut:
        request = ask_about(setup.edit, setup.backend, setup.rules, setup.question, setup.media)
        return client.register(request)

    try:
        made = attempt()
    except RecognitionChanged:
        made = attempt()
    click.echo(_line(made))
    for one in made.totals:
        cap = f" of {_seconds(one.cap_seconds)}" if one.cap_seconds is not None else ""
        shown = f"  {one.licence}  {one.frames} f  {_seconds(one.seconds)}{cap}  {one.performer or ''}"
        click.echo(visible(shown))
    if not made.governs:
        click.echo(f"registered; `clearcut cut govern {made.id}` makes it the one to publish for", err=True)


@command.command()
@click.argument("version")
@server_option
@_Production
@click.option("--why", required=True, help="Why, for the record.")
def govern(version: str, server: str | None, production: str | None, why: str) -> None:
    """Make a registered version (its name, or its id such as C-3) the cut to publish for.

    From then on a check of any other version of the production says cut-stale.
    """
    client = remote(RemoteCuts, CheckOptions(server=server))
    found = [one for one in client.cuts(production) if version in (one.id, one.version)]
    if not found:
        raise MissingError(f"no version {version} is registered{f' of {production}' if production else ''}")
    if len({one.production for one in found}) > 1:
        names = ", ".join(f"{one.id} of {one.production}" for one in found)
        raise click.UsageError(f"{version} is registered of several productions ({names}); give --production")
    click.echo(_line(client.govern(found[0].id, why)))


@command.command("list")
@server_option
@_Production
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help="What goes to stdout.",
)  # fmt: skip
def list_cuts(server: str | None, production: str | None, form: str) -> None:
    """The registered versions, in the order in which they were registered; the governing one is marked."""
    found = list(remote(RemoteCuts, CheckOptions(server=server)).cuts(production))
    if form == "json":
        click.echo(json.dumps([to_plain(one) for one in found], indent=2, ensure_ascii=False))
        return
    for one in found:
        click.echo(_line(one))


@command.command()
@server_option
@click.pass_context
def note(ctx: click.Context, server: str | None) -> None:
    """Send the publishes that wait on this machine, because the server could not be reached after them."""
    from clearcut.publish.outbox import folder, send, waiting

    kept = waiting(folder())
    if not kept:
        click.echo("nothing waits to be noted", err=True)
        return
    client = remote(RemoteCuts, CheckOptions(server=server))
    sent = send(kept, client)
    for one in sent.noted:
        click.echo(visible(f"noted {one.publish.production} {one.publish.shot} {one.publish.version or ''}"))
    others = sorted({one.server for one in kept if one.server != client.address})
    if others:
        click.echo(f"others wait for {', '.join(others)}: run it with that --server", err=True)
    if sent.left:
        click.echo(f"clearcut: {len(sent.left)} still wait ({sent.why}); run it again later", err=True)
        ctx.exit(Exit.CANNOT_TELL)


def _seconds(exact: str) -> str:
    return show_seconds(parse_seconds(exact))


def _line(cut: RegisteredCut) -> str:
    governs = "governs" if cut.governs else "       "
    return visible(
        f"{cut.id}  {cut.production}  {cut.version}  {governs}  {cut.registered_at[:16]}Z  {cut.registered_by}"
    )
