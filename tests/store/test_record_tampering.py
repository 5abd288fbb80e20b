"""Whoever changes the record, or a revision that it tells of, behind the store's back is found out: random changes."""

from __future__ import annotations

import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, func, select, update

from clearcut.core.registry_json import registry_from_json
from clearcut.server.examples import REGISTRY
from clearcut.store import audit
from clearcut.store.schema import audit as rows
from clearcut.store.schema import audit_head, records, revisions, tokens
from clearcut.store.tokens import Role
from clearcut.store.verifying import verify

TEXTS = ("at", "actor", "action", "body", "previous", "digest")


@pytest.fixture
def written(store):
    """A store with a dozen rows of different kinds and two revisions."""
    store.import_registry(registry_from_json({**REGISTRY, "waivers": []}), by="o", why="first")
    for number in range(6):
        store.note("somebody", "check", {"n": number})
    store.create_token("t", Role.ARTIST, by="a")
    store.import_registry(registry_from_json(REGISTRY), by="o", why="second")
    store.note("nobody", "refused", {"route": "/v1/registry"})
    return store


def faults_after(store, tamper) -> list[str]:
    """What is found after a change that is then taken back."""
    with store._engine.connect() as connection, connection.begin() as change:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        tamper(connection)
        found = list(verify(connection)[1])
        change.rollback()
    return found


def edit(dice: random.Random, link: Connection) -> None:
    number, column = pick(dice, link), dice.choice(TEXTS)
    old = link.execute(select(rows.c[column]).where(rows.c.sequence == number)).scalar_one()
    place = dice.randrange(len(old) + 1)
    link.execute(
        update(rows).where(rows.c.sequence == number).values({column: f"{old[:place]}x{old[place + 1 :]}y"})
    )


def remove(dice: random.Random, link: Connection) -> None:
    for _ in range(dice.randint(1, 3)):
        link.execute(delete(rows).where(rows.c.sequence == pick(dice, link)))


def swap(dice: random.Random, link: Connection) -> None:
    one, other = dice.sample(numbers(link), 2)
    for old, new in ((one, -1), (other, one), (-1, other)):
        link.execute(update(rows).where(rows.c.sequence == old).values(sequence=new))


def cut_off(dice: random.Random, link: Connection) -> None:
    link.execute(delete(rows).where(rows.c.sequence > len(numbers(link)) - dice.randint(1, 3)))


def cut_off_with_its_head(dice: random.Random, link: Connection) -> None:
    """The chain is whole again, and the revision whose row is gone gives it away."""
    told = [
        n
        for n in numbers(link)
        if link.execute(select(rows.c.action).where(rows.c.sequence == n)).scalar() == "import"
    ]
    link.execute(delete(rows).where(rows.c.sequence >= told[-1]))
    last = link.execute(select(rows).order_by(rows.c.sequence.desc()).limit(1)).one()
    link.execute(update(audit_head).values(sequence=last.sequence, digest=last.digest))


def insert(dice: random.Random, link: Connection) -> None:
    last = link.execute(select(rows).order_by(rows.c.sequence.desc()).limit(1)).one()
    link.execute(
        rows.insert().values(sequence=last.sequence + 1, at=last.at, actor="x", action="check", body="{}",
                             previous=last.digest, digest="0" * 64)
    )  # fmt: skip


def repeat(dice: random.Random, link: Connection) -> None:
    """A row of before in another's place, every word of it true."""
    source, target = dice.sample(numbers(link), 2)
    row = link.execute(select(rows).where(rows.c.sequence == source)).one()
    link.execute(
        update(rows).where(rows.c.sequence == target).values({name: getattr(row, name) for name in TEXTS})
    )


def head(dice: random.Random, link: Connection) -> None:
    choice = dice.choice([{"sequence": dice.randint(0, 99)}, {"digest": "1" * 64}, None])
    if choice is None or choice.get("sequence") == len(numbers(link)):
        link.execute(delete(audit_head))
    else:
        link.execute(update(audit_head).values(choice))


def registry_record(dice: random.Random, link: Connection) -> None:
    row = dice.choice(list(link.execute(select(records).where(records.c.body.is_not(None)))))
    same = (records.c.kind == row.kind) & (records.c.key == row.key) & (records.c.revision == row.revision)
    body = {**json.loads(row.body), "x": 1}
    change = dice.choice(
        [{"body": json.dumps(body)}, {"body": None}, {"position": row.position + 1}, {"key": f"{row.key}x"}]
    )
    link.execute(dice.choice([update(records).where(same).values(change), delete(records).where(same)]))


def revision(dice: random.Random, link: Connection) -> None:
    number = dice.randint(1, 2)
    change = dice.choice([{"by": "x"}, {"why": "x"}, {"at": "2001-01-01T00:00:00.000000Z"}])
    link.execute(update(revisions).where(revisions.c.number == number).values(change))


def another_revision(dice: random.Random, link: Connection) -> None:
    link.execute(revisions.insert().values(number=3, at="2099-01-01T00:00:00.000000Z", by="x", why="x"))


def token(dice: random.Random, link: Connection) -> None:
    change = dice.choice([{"role": "admin"}, {"name": "x"}, {"hash": "0" * 64}, {"expires_at": "2099-01-01T00:00:00.000000Z"},
                          {"revoked_at": "2001-01-01T00:00:00.000000Z"}, {"id": "0123456789ab"}, None])  # fmt: skip
    link.execute(delete(tokens) if change is None else update(tokens).values(change))


TAMPERINGS = (edit, remove, swap, cut_off, cut_off_with_its_head, insert, repeat, head, registry_record, revision,
              another_revision, token)  # fmt: skip


def numbers(link: Connection) -> list[int]:
    return list(link.execute(select(rows.c.sequence).order_by(rows.c.sequence)).scalars())


def pick(dice: random.Random, link: Connection) -> int:
    return dice.choice(numbers(link))


def test_every_random_change_behind_the_store_is_found(written):
    assert faults_after(written, lambda _: None) == []

    @settings(max_examples=80, deadline=None)
    @given(st.sampled_from(TAMPERINGS), st.integers(0, 2**32))
    def holds(tamper, seed):
        found = faults_after(written, lambda link: tamper(random.Random(seed), link))
        assert found, (tamper.__name__, seed)

    holds()
    assert faults_after(written, lambda _: None) == []


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        "null",
        "3",
        "{}",
        '{"token": []}',
        '{"revision": [], "records": "x"}',
        '{"revision": 1, "records": null}',
    ],
)
def test_a_row_that_was_made_unreadable_is_a_fault_and_no_defect(written, body):
    for number in (1, 8, 9):  # an import, a token, another import
        change = update(rows).where(rows.c.sequence == number).values(body=body)
        assert any(
            f"row {number} " in one
            for one in faults_after(written, lambda link, change=change: link.execute(change))
        )


def test_twin_a_record_that_is_rewritten_as_a_whole_is_found_only_by_who_kept_its_end(written):
    """The chain cannot know of it: that is what `audit verify --expect` is for."""
    kept, faults = written.verify()
    assert faults == ()

    def rewrite(link: Connection) -> None:
        old = list(link.execute(select(rows).order_by(rows.c.sequence)))
        link.execute(delete(rows))
        link.execute(delete(audit_head))
        for row in old:
            from datetime import datetime

            actor = "x" if row.action == "check" else row.actor
            audit.append(
                link,
                actor,
                row.action,
                json.loads(row.body),
                datetime.fromisoformat(row.at.replace("Z", "+00:00")),
            )

    def and_look(link: Connection) -> None:
        rewrite(link)
        assert audit.verify(link)[1] == ()
        assert audit.digest_at(link, kept.sequence) != kept.digest

    assert faults_after(written, and_look) == []
    assert written.follows(kept)
    with written._engine.connect() as link:
        assert link.execute(select(func.count()).select_from(rows)).scalar() == kept.sequence
