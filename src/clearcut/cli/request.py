"""`clearcut request ask|list|answer|withdraw`: clearance requests, from the artist's side and from the officer's."""

from __future__ import annotations

import json
from pathlib import Path

import click

from clearcut.backend.clearance_requests import RemoteRequests
from clearcut.bootstrap import CheckOptions, run_check
from clearcut.cli.server_option import remote, server_option
from clearcut.core.clearance_request import ClearanceRequest, RequestState, in_words
from clearcut.core.codec import to_plain
from clearcut.errors import UsageError
from clearcut.panel.asking import wanted_of
from clearcut.report.visible import visible


@click.group()
def command() -> None:
    r"""Ask clearance for what a stopped shot needs; list, answer or take back requests.

    \b
      clearcut request ask cut.otio --shot HEL_010_0040 --message "needed by Friday"
      clearcut request list --state open
      clearcut request answer R-3 --licence L-2
      clearcut request answer R-3 --refuse "the estate does not renew"
    """


@command.command()
@click.argument("edit", type=click.Path(path_type=Path, readable=False))
@click.option("--shot", required=True, metavar="NAME", help="The shot that was stopped.")
@click.option("--message", default="", help="What clearance should know.")
@click.option("--production", metavar="ID", help="The production [what the edit says].")
@server_option
def ask(edit: Path, shot: str, message: str, production: str | None, server: str | None) -> None:
    """Check the shot and ask for what stops it: one request for each replica, with the codes of its reasons.

    What is asked for already is not asked again. Exit codes: 0 asked, 2 nothing stops the shot that clearance could
    grant, 3 the server did not answer.
    """
    options = CheckOptions(edit=edit, shots=(shot,), server=server, production=production)
    client = remote(RemoteRequests, options)
    verdict = run_check(options)
    found = [one for one in verdict.shots if one.name == shot]
    wanted = [asked for one in found for asked in wanted_of(one, verdict.edit.production)]
    if not wanted:
        raise UsageError(
            f"no replica of {shot} is stopped, so there is nothing to ask for",
            remedy=f"see `clearcut check {edit} --shot {shot}`",
        )
    for one in wanted:
        click.echo(_line(client.ask(one.production, one.shot, one.replica, one.codes, message)))


@command.command("list")
@click.option(
    "--state", type=click.Choice([state.value for state in RequestState]), help="Only those that stand so."
)
@click.option("--production", metavar="ID", help="Only those of this production.")
@click.option("--shot", metavar="NAME", help="Only those for this shot.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help="What goes to stdout.",
)  # fmt: skip
@server_option
def list_requests(
    state: str | None, production: str | None, shot: str | None, form: str, server: str | None
) -> None:
    """The requests, oldest first."""
    found = list(remote(RemoteRequests, CheckOptions(server=server)).listed(state, production, shot))
    if form == "json":
        click.echo(json.dumps([to_plain(one) for one in found], indent=2, ensure_ascii=False))
        return
    for one in found:
        click.echo(_line(one))


@command.command()
@click.argument("identity", metavar="ID")
@click.option("--licence", metavar="ID", help="Grant it with this licence of the registry.")
@click.option("--refuse", metavar="WORDS", help="Refuse it, in words that the artist reads.")
@server_option
def answer(identity: str, licence: str | None, refuse: str | None, server: str | None) -> None:
    """Answer a request with a licence that is in the registry, or refuse it in words.

    What clears the shot is the licence; the answer only tells whoever asked. It needs an officer's or admin's token.
    """
    if (licence is None) == (refuse is None):
        raise click.UsageError("give --licence or --refuse")
    client = remote(RemoteRequests, CheckOptions(server=server))
    seen = client.one(identity)
    made = client.grant(seen, licence) if licence is not None else client.refuse(seen, str(refuse))
    click.echo(_line(made))


@command.command()
@click.argument("identity", metavar="ID")
@server_option
def withdraw(identity: str, server: str | None) -> None:
    """Take back a request of yours that is not answered yet."""
    client = remote(RemoteRequests, CheckOptions(server=server))
    click.echo(_line(client.withdraw(client.one(identity))))


def _line(one: ClearanceRequest) -> str:
    codes = ", ".join(one.codes)
    said = f"; {one.message}" if one.message else ""
    return visible(f"{in_words(one)}: {one.production} {one.shot} {one.replica} [{codes}]{said}")
