"""What the commands share that speak to the clearance server alone."""

from __future__ import annotations

from typing import TypeVar

import click

from clearcut.backend.remote import Remote
from clearcut.bootstrap import CheckOptions, choose_server
from clearcut.errors import UsageError

Client = TypeVar("Client", bound=Remote)

server_option = click.option(
    "--server",
    metavar="URL",
    help="This clearance server (token: CLEARCUT_TOKEN)  [CLEARCUT_SERVER, or the rule file's].",
)


def remote(kind: type[Client], options: CheckOptions) -> Client:
    """A client of the server that the options and settings name. Raises UsageError when they name none."""
    server = choose_server(options)
    if server is None:
        raise UsageError(
            "no clearance server is named, and this is kept by a server",
            remedy="give --server, or set CLEARCUT_SERVER",
        )
    return kind(server.url, server.token, ca_file=server.ca_file)
