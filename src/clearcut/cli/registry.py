"""`clearcut registry validate|import|export`: the registry file, and the way into and out of a database."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import click

from clearcut.backend.opening import read_registry_file
from clearcut.cli.database import needs_server_extra, person
from clearcut.cli.options import moment
from clearcut.core.registry import Registry
from clearcut.core.registry_json import parse_registry, registry_to_json
from clearcut.core.registry_review import Remark, review_registry
from clearcut.errors import RegistryError, UsageError
from clearcut.settings import Environment, load_packs, user_database

_SHOWN = "licences", "replicas", "performers", "assets", "productions"


@click.group()
def command() -> None:
    r"""Validate, import or export a registry file.

    \b
    clearcut registry validate REG.json
    clearcut registry import REG.json --database sqlite:///show.sqlite
    clearcut registry export OUT.json --server https://clearcut.example
    """


@command.command()
@click.argument("file", type=click.Path(path_type=Path, readable=False))
@click.option("--strict", is_flag=True, help="Leave with 2 when something is suspicious.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_context
def validate(ctx: click.Context, file: Path, strict: bool, form: str) -> None:
    """Every fault of a registry file by its path, all at once; then what is suspicious in it.

    Exit codes: 0 without faults, 2 with any (with --strict: or with anything suspicious).
    """
    faults: tuple[tuple[str, str], ...] = ()
    remarks: tuple[Remark, ...] = ()
    registry = None
    try:
        registry = _read(file)
    except RegistryError as error:
        faults = tuple((fault.path, fault.message) for fault in error.faults)
    else:
        remarks = review_registry(registry, load_packs(), datetime.now(timezone.utc))
    click.echo(
        _as_json(file, faults, remarks) if form == "json" else _as_text(file, registry, faults, remarks)
    )
    if faults:
        click.echo(
            f"clearcut: {_count(len(faults), 'fault')} in {file}; clearance: mend each place named above",
            err=True,
        )
        ctx.exit(2)
    if strict and remarks:
        click.echo(
            f"clearcut: {_count(len(remarks), 'suspicious thing')} in {file}, and --strict was given",
            err=True,
        )
        ctx.exit(2)


def _as_text(
    file: Path, registry: Registry | None, faults: tuple[tuple[str, str], ...], remarks: tuple[Remark, ...]
) -> str:
    lines = [f"fault    {path + ': ' if path else ''}{message}" for path, message in faults]
    lines += [f"warning  {remark}" for remark in remarks]
    if registry is not None:
        counts = ", ".join(f"{len(getattr(registry, kind))} {kind}" for kind in _SHOWN)
        lines.append(f"{file}: no faults, {_count(len(remarks), 'warning')} ({counts})")
    else:
        lines.append(f"{file}: {_count(len(faults), 'fault')}")
    return "\n".join(lines)


def _as_json(file: Path, faults: tuple[tuple[str, str], ...], remarks: tuple[Remark, ...]) -> str:
    document: dict[str, Any] = {
        "file": str(file),
        "valid": not faults,
        "faults": [{"path": path, "message": message} for path, message in faults],
        "warnings": [{"path": r.path, "code": r.code, "message": r.message} for r in remarks],
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


@command.command("import")
@click.argument("file", type=click.Path(path_type=Path, readable=False))
@click.option("--database", metavar="URL", help="Into this database [the embedded registry].")
@click.option(
    "--server", metavar="URL", help="Into this clearance server (CLEARCUT_TOKEN of an officer or admin)."
)
@click.option("--why", default="", help="Why, for the record [the file's name].")
@click.option("--by", default="", help="Who, for the record of a database [your login].")
@click.option(
    "--base",
    type=click.IntRange(0),
    metavar="N",
    help="The revision that the file was made from, as export told it.",
)
def import_(
    file: Path, database: str | None, server: str | None, why: str, by: str, base: int | None
) -> None:
    """Makes a registry file the registry of a database or a server.

    Nothing changes when the file has a fault. With --base it is refused when somebody made a change since; without,
    when it would take back a revocation, a suspension, a rejection or a newer revision of a licence.
    """
    registry = _read(file)
    reason = why or f"import of {file.name}"
    known = Environment.read().server
    if known and not database and not server:
        # Replacing the studio's registry because a variable happens to be set would be a nasty surprise.
        raise UsageError(
            f"CLEARCUT_SERVER is set to {known}: is the registry meant to go there?",
            who="you",
            remedy="say --server or --database",
        )
    target = _target(database, server)
    if target is None:
        from clearcut.backend import RemoteRegistry

        where = str(server)
        revision, changed = (
            _remote(RemoteRegistry, where).import_registry(registry, why=reason, base=base),
            "",
        )
    else:
        from clearcut.store import open_store

        where = target
        with needs_server_extra(), open_store(where) as store:
            change = store.import_registry(registry, by=by or person(), why=reason, base=base)
        revision = change.revision
        changed = f" ({change.added} records added, {change.changed} changed, {change.removed} taken out)"
    counts = ", ".join(f"{len(getattr(registry, kind))} {kind}" for kind in _SHOWN)
    click.echo(f"imported {file} into {where}: {counts}; revision {revision}{changed}", err=True)


@command.command()
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--database", metavar="URL", help="Out of this database [the embedded registry].")
@click.option("--server", metavar="URL", help="Out of this clearance server [CLEARCUT_SERVER].")
@click.option("--as-of", type=moment, metavar="RFC3339", help="As it was known at this moment [now].")
def export(file: Path, database: str | None, server: str | None, as_of: datetime | None) -> None:
    """Writes the registry of a database or a server to FILE (- for stdout), complete and in a fixed order."""
    if not database:
        server = server or Environment.read().server
    target = _target(database, server)
    if target is None:
        from clearcut.backend import RemoteRegistry

        revision, registry = _remote(RemoteRegistry, str(server)).export_revision(as_of)
    else:
        from clearcut.store import open_store

        with needs_server_extra(), open_store(target, create=False) as store:
            revision, registry = store.known_at(as_of)
    text = json.dumps(registry_to_json(registry), indent=1, ensure_ascii=False) + "\n"
    if str(file) == "-":
        click.echo(text, nl=False)
        click.echo(f"revision {revision}: name it when you import a change of this (--base)", err=True)
        return
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"cannot be written: {error.strerror}", where=str(file), remedy="name another file"
        ) from error
    click.echo(
        f"exported {_count(len(registry.licences), 'licence')} to {file}; revision {revision}: name it when you import a "
        f"change of this (--base {revision})",
        err=True,
    )


def _read(file: Path) -> Registry:
    return parse_registry(read_registry_file(file), where=str(file))


def _target(database: str | None, server: str | None) -> str | None:
    """The database's URL; None when a server is meant."""
    if database and server:
        raise UsageError("--database and --server name two places", remedy="give one of them")
    if server:
        return None
    return database or str(user_database())


def _remote(remote: Any, server: str) -> Any:
    environment = Environment.read()
    return remote(server, environment.token, ca_file=environment.ca_file)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
