"""`clearcut token create|list|revoke`: who may ask the server, and as what."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, timezone

import click

from clearcut.cli.database import database_option, needs_server_extra, person
from clearcut.errors import UsageError

_ROLES = ("artist", "td", "farm", "officer", "auditor", "admin")
_DAYS = re.compile(r"(\d{1,5})d", re.ASCII)


@click.group()
def command() -> None:
    r"""Create, list or revoke API tokens.

    \b
      clearcut token create --role farm --name "render farm" --expires 90d
    """


@command.command()
@click.option("--role", required=True, type=click.Choice(_ROLES), help="What the holder may do.")
@click.option("--name", required=True, help="Who holds it: a person, a team or a machine.")
@click.option("--expires", help="A day (its last), an RFC 3339 moment, or a number of days such as 90d.")
@database_option
def create(role: str, name: str, expires: str | None, database: str) -> None:
    """Print a new token: once, and nothing else on stdout."""
    if not name.strip():
        raise UsageError("--name is empty", remedy="say who holds the token")
    ends = _end(expires) if expires is not None else None
    with needs_server_extra():
        from clearcut.store import open_store
        from clearcut.store.tokens import Role
    with open_store(database) as store:
        click.echo(store.create_token(name.strip(), Role(role), expires=ends, by=person()))


@command.command("list")
@database_option
def list_tokens(database: str) -> None:
    """Every token ever given out: id, role, state and name; never the token itself."""
    with needs_server_extra():
        from clearcut.store import open_store
    now = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    with open_store(database, create=False) as store:
        for entry in store.token_entries():
            state = "valid"
            if entry.revoked_at is not None:
                state = f"revoked {entry.revoked_at[:10]}"
            elif entry.expires_at is not None:
                state = f"{'ended' if entry.expires_at <= now else 'until'} {entry.expires_at[:10]}"
            click.echo(f"{entry.id}  {entry.role.value:<8}  {state:<18}  {entry.name}")


@command.command()
@click.argument("identity", metavar="ID")
@database_option
def revoke(identity: str, database: str) -> None:
    """End a token at once; ID is the first column of `clearcut token list`."""
    with needs_server_extra():
        from clearcut.store import open_store
    with open_store(database, create=False) as store:
        if not store.revoke_token(identity, by=person()):
            raise UsageError("there is no token of that id", remedy="see `clearcut token list`")
    click.echo(f"token {identity} is revoked", err=True)


def _end(text: str) -> datetime:
    """The moment from which on the token is no longer valid; a day counts to its end, UTC."""
    now = datetime.now(timezone.utc)
    end = _moment(text, now)
    if not end > now:
        raise UsageError(f"--expires {text} is past already", remedy="give a later day")
    return end


def _moment(text: str, now: datetime) -> datetime:
    from clearcut.core.codec import WireError, parse_moment

    days = _DAYS.fullmatch(text)
    try:
        if days is not None:
            return now + timedelta(days=int(days[1]))
        if "T" in text:
            return parse_moment(text)
        last = date.fromisoformat(text)
        return datetime.combine(last + timedelta(days=1), time(), timezone.utc)
    except (WireError, ValueError, OverflowError):
        raise UsageError(
            f"--expires {text!r} is no day, moment or number of days",
            remedy="for example 2027-01-31, 2027-01-31T18:00:00Z or 90d",
        ) from None
