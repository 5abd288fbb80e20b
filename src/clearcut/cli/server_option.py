"""What the commands share that speak to the clearance server alone."""

from __future__ import annotations

import click

from clearcut.backend.cuts import RemoteCuts
from clearcut.bootstrap import CheckOptions, choose_server
from clearcut.errors import UsageError

server_option = click.option(
    "--server",
    metavar="URL",
    help="This clearance server (token: CLEARCUT_TOKEN)  [CLEARCUT_SERVER, or the rule file's].",
)


def remote_cuts(options: CheckOptions) -> RemoteCuts:
    """The server that the options and settings name. Raises UsageError when they name none."""
    server = choose_server(options)
    if server is None:
        raise UsageError(
            "no clearance server is named: cuts and publishes are kept by a server",
            remedy="give --server, or set CLEARCUT_SERVER",
        )
    return RemoteCuts(server.url, server.token, ca_file=server.ca_file)
