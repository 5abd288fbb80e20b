"""The store: what the server and the embedded registry need of the database, each call one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone
from typing import TypeVar, final

from sqlalchemy import Connection, Engine

from clearcut.core.registry import Registry
from clearcut.core.registry_json import parse_registry
from clearcut.errors import NotAllowedError
from clearcut.store import audit, changes, tokens
from clearcut.store.amending import current_registry
from clearcut.store.changes import Stamp
from clearcut.store.connecting import connect, database_url, reading, writing
from clearcut.store.migrating import is_current, upgrade
from clearcut.store.once import Done, Once, keep, kept_answer
from clearcut.store.sqlite_file import StoreError
from clearcut.store.times import sortable
from clearcut.store.tokens import Holder, Role, TokenEntry
from clearcut.store.verifying import verify

Clock = Callable[[], datetime]
Found = TypeVar("Found")
# Between the machines of several servers on one database.
_CLOCKS_MAY_DIFFER = timedelta(seconds=60)


def utc_now() -> datetime:
    """The machine's clock, aware, UTC."""
    return datetime.now(timezone.utc)


def open_store(place: str, *, create: bool = True) -> Store:
    """See `clearcut.store.open_store`."""
    url = database_url(place)
    engine = connect(url, create=create)
    try:
        if not is_current(engine):
            if engine.dialect.name != "sqlite" or not create:
                raise _outdated()
            upgrade(engine)
    except BaseException:
        engine.dispose()
        raise
    return Store(engine)


def store_at(place: str) -> Store:
    """See `clearcut.store.store_at`."""
    return Store(connect(database_url(place), create=False))


def _outdated() -> StoreError:
    return StoreError("the database is not up to date", remedy="run `clearcut db upgrade`")


@final
class Store:
    """Every method is one transaction: done wholly, or not at all and a StoreError. Safe to share between threads."""

    def __init__(self, engine: Engine, clock: Clock = utc_now) -> None:
        self._engine = engine
        self._clock = clock

    def close(self) -> None:
        """Lets go of the database."""
        self._engine.dispose()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def check_up_to_date(self) -> None:
        """Raises StoreError when the database cannot be reached or lacks a migration, or has one too many."""
        if not is_current(self._engine):
            raise _outdated()

    # The registry

    def revision(self) -> int:
        """The number of the newest revision; 0 while nothing was imported."""
        with reading(self._engine) as connection:
            return changes.latest_revision(connection)

    def registry(self, as_of: int | datetime | None = None) -> Registry:
        """The registry as it stands, or stood at a revision or an aware moment."""
        if as_of is None or isinstance(as_of, datetime):
            return self.known_at(as_of)[1]
        with reading(self._engine) as connection:
            number = min(as_of, changes.latest_revision(connection))
            text = changes.registry_text(connection, number)
        return parse_registry(text, where=f"revision {number}")

    def known_at(self, moment: datetime | None) -> tuple[int, Registry]:
        """The revision and its registry as they stood at an aware moment; None: as they stand."""
        with reading(self._engine) as connection:
            if moment is None:
                number = changes.latest_revision(connection)
            else:
                number = changes.revision_at(connection, moment)
            text = changes.registry_text(connection, number)
        return number, parse_registry(text, where=f"revision {number}")

    def stamp(self) -> Stamp:
        """Which revision is the newest."""
        with reading(self._engine) as connection:
            return changes.latest_stamp(connection)

    def current(self, known: tuple[Stamp, Registry] | None = None) -> tuple[Stamp, Registry]:
        """The newest revision and its registry; from one that is known, only what changed since is read."""
        with reading(self._engine) as connection:
            return current_registry(connection, known)

    def import_registry(
        self, registry: Registry, *, by: str, why: str, base: int | None = None
    ) -> changes.Change:
        """Makes the registry this one, as a new revision; the older ones stay. No difference, no revision.

        `base` is the revision that the new registry was made from: when another one was made since, nothing is
        changed and StaleBaseError is raised. Without it a registry that takes back a revocation, a suspension, a
        rejection or a newer revision of a licence is a ConflictError: nobody does that without having seen it.
        """
        with writing(self._engine) as connection:
            return changes.import_registry(connection, registry, by=by, why=why, base=base, now=self._clock())

    # Writes that bear an idempotency key, and what is read beside them

    def change(
        self,
        work: Callable[[Connection, datetime], Done],
        once: Once | None = None,
        holder: Holder | None = None,
    ) -> Done:
        """Does a piece of work in one writing transaction, at one reading of the clock.

        With `once`, what was answered to that key before is given again and nothing is done. With `holder`, who
        asks for it: NotAllowedError when the token has ended since it was looked up, which a body that comes in
        slowly can make hours ago. Whatever the work raises, nothing has changed.
        """
        with writing(self._engine) as connection:
            if holder is not None and not tokens.stands(connection, holder.id, self._latest(connection)):
                raise NotAllowedError(
                    "the token has ended, or was revoked, while this was sent",
                    remedy="send it again with a valid token",
                )
            known = None if once is None else kept_answer(connection, once)
            if known is not None:
                return known
            now = self._clock()
            done = work(connection, now)
            if once is not None:
                keep(connection, once, done, now)
        return done

    def read(self, work: Callable[[Connection], Found]) -> Found:
        """What a piece of work reads in one transaction, which sees one moment of the database."""
        with reading(self._engine) as connection:
            return work(connection)

    # Tokens

    def create_token(self, name: str, role: Role, *, expires: datetime | None = None, by: str) -> str:
        """A new token; it is stored nowhere, so this is the only time it can be read."""
        with writing(self._engine) as connection:
            now = self._clock()
            token, given = tokens.create(connection, name, role, now, expires)
            audit.append(connection, by, "token-created", given, now)
        return token

    def token_holder(self, token: str) -> Holder | None:
        """Who a token belongs to; None when it is unknown, has ended or was revoked.

        What had ended by the last row of the record stays so when the clock is set back.
        """
        with reading(self._engine) as connection:
            return tokens.holder(connection, token, self._latest(connection))

    def _latest(self, connection: Connection) -> str:
        return max(sortable(self._clock()), audit.latest_moment(connection))

    def token_entry(self, token: str) -> TokenEntry | None:
        """The token as lists show it, valid or not; None when nobody gave it out."""
        with reading(self._engine) as connection:
            return tokens.entry(connection, token)

    def token_entries(self) -> tuple[TokenEntry, ...]:
        """Every token ever given out, oldest first."""
        with reading(self._engine) as connection:
            return tokens.entries(connection)

    def revoke_token(self, identity: str, *, by: str) -> bool:
        """Ends a token at once; False when there is none of that id."""
        with writing(self._engine) as connection:
            now = self._clock()
            known = tokens.revoke(connection, identity, now)
            if known:
                audit.append(connection, by, "token-revoked", {"token": identity}, now)
        return known

    # The record

    def note(self, actor: str, action: str, body: Mapping[str, object]) -> None:
        """Adds a row to the record for what is no change of the registry: a refusal, a decision."""
        with writing(self._engine) as connection:
            audit.append(connection, actor, action, body, self._clock())

    def check_clock(self, now: datetime) -> None:
        """Raises StoreError when the moment is before what was recorded: what has ended would stand again."""
        with reading(self._engine) as connection:
            _check_clock(connection, now)

    def note_decision(self, actor: str, body: Mapping[str, object], now: datetime) -> None:
        """Adds the row of a check that was decided at that moment by the clock; raises as `check_clock` does."""
        with writing(self._engine) as connection:
            _check_clock(connection, now)
            audit.append(connection, actor, "check", body, now)

    def set_clock(self, *, by: str, why: str) -> None:
        """Says that the clock is right and that it was wrong before: from now on its moments are believed again."""
        with writing(self._engine) as connection:
            audit.append_set_clock(connection, by, why, self._clock())

    def follows(self, kept: audit.Head) -> bool:
        """Whether the record still holds the end that somebody kept outside: nothing up to there was rewritten."""
        with reading(self._engine) as connection:
            return audit.digest_at(connection, kept.sequence) == kept.digest

    def verify(self) -> tuple[audit.Head, tuple[str, ...]]:
        """Whether the record, and what it tells of, are as they were written: the head, and the faults."""
        with reading(self._engine) as connection:
            return verify(connection)


def _check_clock(connection: Connection, now: datetime) -> None:
    recorded = audit.latest_moment(connection)
    if sortable(now + _CLOCKS_MAY_DIFFER) < recorded:
        raise StoreError(
            f"this machine's clock says {sortable(now)}, and {recorded} has been recorded already",
            remedy="set the clock; if it is right now and was wrong then, say so with `clearcut audit set-clock`",
        )
