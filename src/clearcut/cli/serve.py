"""`clearcut serve`: the clearance server."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

import click

from clearcut.cli.database import database_option, needs_server_extra
from clearcut.errors import UsageError


@click.command()
@database_option
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port", default=8400, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one."
)
@click.option(
    "--tls-cert", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="PEM certificate chain."
)
@click.option(
    "--tls-key", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="PEM private key."
)
def command(database: str, host: str, port: int, tls_cert: Path | None, tls_key: Path | None) -> None:
    r"""Run the clearance server until it is told to stop (SIGTERM or Ctrl-C).

    The first line on stdout is its address, printed when it answers. Every request needs a token:

    \b
      clearcut token create --role artist --name "comp team"
      clearcut serve --port 8400
    """
    with needs_server_extra():
        from clearcut.server import create_app
        from clearcut.server.desk import Desk
        from clearcut.server.running import Listening, address, bind, serve
        from clearcut.settings import load_packs
        from clearcut.store import open_store
    if (tls_cert is None) != (tls_key is None):
        raise UsageError("--tls-cert and --tls-key belong together", remedy="give both or neither")
    logging.basicConfig(
        stream=sys.stderr, level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    listening = Listening(host, port, tls_cert, tls_key)
    with open_store(database) as store:
        desk = Desk(store, load_packs())
        # Reading a large registry takes seconds, which the first artist should not have to wait.
        desk.current()
        try:
            bound = bind(listening)
        except OSError as error:
            raise UsageError(
                f"cannot listen on {host} port {port} ({error.strerror})",
                remedy="choose another --port, or 0",
            ) from None
        with bound:
            url = address(bound, listening)
            serve(create_app(desk), bound, listening, lambda: click.echo(url))
