"""`clearcut serve`: the clearance server."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Any

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
    "--workers",
    default=1,
    show_default=True,
    type=click.IntRange(1, 64),
    help="Processes that answer, one for each core that is to be used.",
)
@click.option(
    "--tls-cert", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="PEM certificate chain."
)
@click.option(
    "--tls-key", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="PEM private key."
)
@click.option(
    "--log-format",
    default="text",
    show_default=True,
    type=click.Choice(["text", "json"]),
    help="How a line of the log on stderr looks.",
)
@click.option(
    "--log-level",
    default="info",
    show_default=True,
    type=click.Choice(["debug", "info", "warning", "error"]),
    help="What is logged: `info` is a line for each request.",
)
def command(
    database: str,
    host: str,
    port: int,
    workers: int,
    tls_cert: Path | None,
    tls_key: Path | None,
    log_format: Any,
    log_level: Any,
) -> None:
    r"""Run the clearance server until it is told to stop (SIGTERM or Ctrl-C).

    The first line on stdout is its address, printed when it answers. Every request needs a token:

    \b
      clearcut token create --role artist --name "comp team"
      clearcut serve --port 8400
      clearcut serve --workers 4 --log-format json --database postgresql://clearcut@db/clearcut
    """
    with needs_server_extra():
        from clearcut.server.logs import LogSettings, set_up_logging
        from clearcut.server.running import Listening, address, bind, metrics_folder, serve
        from clearcut.server.worker import Worker
        from clearcut.store import open_store
    if (tls_cert is None) != (tls_key is None):
        raise UsageError("--tls-cert and --tls-key belong together", remedy="give both or neither")
    logs = LogSettings(log_format, log_level)
    set_up_logging(logs)
    listening = Listening(host, port, tls_cert, tls_key)
    # Made or brought up to date by one process, before any worker looks at it.
    open_store(database).close()
    with ExitStack() as stack:
        bound = stack.enter_context(bind(listening))
        folder = stack.enter_context(metrics_folder()) if workers > 1 else None
        url = address(bound, listening)
        serve(Worker(database, logs, folder), bound, listening, workers, lambda: click.echo(url))
