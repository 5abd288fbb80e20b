"""What stands beside the registry - cuts, publishes, requests, proposals - is held to the record as well."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from sqlalchemy import delete, event, update

from clearcut.core.clearance_request import RequestState
from clearcut.core.registered import Charged, Publish, PublishedUse
from clearcut.core.registry_json import registry_from_json
from clearcut.server.examples import REGISTRY
from clearcut.store import cuts, open_store, publishes, requests, schema, waivers
from clearcut.store.once import Done
from clearcut.store.tokens import Holder, Role
from clearcut.store.verifying import verify

OLGA = Holder("t1", "Olga", Role.OFFICER)
USE = PublishedUse("rpl-1", 24, ("L-2", "L-1"))


def new_cut(version):
    totals = (Charged("L-1", "P1", 24, "1", None),)
    return cuts.NewCut("HELIOS", version, f"q-{version}", {"production": "HELIOS", "cut": version}, totals)


@pytest.fixture
def written(store):
    """A store with two cuts of which the first governs, a publish, two requests, two proposals."""
    store.import_registry(registry_from_json({**REGISTRY, "waivers": []}), by="o", why="first")

    def fill(link, now):
        row = cuts.UseRow("S1", "rpl-1", "perf-1", "cleared", 24, ((0, 24),), ("L-1",))
        for version in ("v1", "v2"):
            cuts.register(link, new_cut(version), [row], "Ted", now)
        for identity in ("C-2", "C-1"):
            cuts.govern(link, identity, by="Ted", why="locked", now=now)
        for version in (None, "v003"):
            new = Publish("HELIOS", "S1", version, "v1", (USE,))
            publishes.note(link, new, {"rpl-1": "perf-1"}, "Art", now)
        for shot in ("S1", "S2"):
            requests.ask(link, requests.Asking("HELIOS", shot, "rpl-1", ("no-licence",), ""), "Art", now)
        requests.answer(link, "R-1", 1, state=RequestState.REFUSED, by="Olga", now=now, words="no")
        for number in (1, 2):
            waivers.propose(link, {"id": f"W-{number}"}, "needed", OLGA, now)
        waivers.refuse(link, "P-1", OLGA, now)
        return Done(200, "{}")

    store.change(fill)
    return store


def test_what_the_store_wrote_holds(written):
    assert written.verify()[1] == ()


@pytest.mark.parametrize(
    "statement, what",
    [
        (update(schema.governing).values(cut=2), "the governing cut of HELIOS"),
        (update(schema.governing).values(why="because"), "the governing cut of HELIOS"),
        (delete(schema.governing), "the governing cut of HELIOS"),
        (update(schema.cuts).where(schema.cuts.c.number == 1).values(question="other"), "cut HELIOS v1"),
        (update(schema.cuts).where(schema.cuts.c.number == 1).values(version="v9"), "cut HELIOS v9"),
        (update(schema.cuts).where(schema.cuts.c.number == 1).values(decision="{}"), "cut HELIOS v1"),
        (update(schema.cuts).where(schema.cuts.c.number == 1).values(totals="[]"), "cut HELIOS v1"),
        (update(schema.cut_uses).where(schema.cut_uses.c.cut == 2).values(frames=1), "cut HELIOS v2"),
        (delete(schema.cut_licences).where(schema.cut_licences.c.cut == 2), "cut HELIOS v2"),
        (update(schema.publishes).where(schema.publishes.c.number == 2).values(cut="v2"), "publish B-2"),
        (update(schema.publish_uses).values(performer="perf-9"), "publish B-1"),
        (delete(schema.publish_licences).where(schema.publish_licences.c.licence == "L-1"), "publish B-1"),
        (update(schema.requests).where(schema.requests.c.number == 1).values(state="granted"), "request R-1"),
        (update(schema.requests).where(schema.requests.c.number == 2).values(licence="L-1"), "request R-2"),
        (delete(schema.requests).where(schema.requests.c.number == 2), "request R-2"),
        (update(schema.waiver_proposals).values(waiver="{}"), "proposal P-1"),
        (
            update(schema.waiver_proposals).where(schema.waiver_proposals.c.number == 1).values(state="open"),
            "proposal P-1",
        ),
        (update(schema.revisions).values(how="record"), "records of revision 1"),
    ],
)
def test_what_was_changed_behind_the_store_is_found_and_named(written, statement, what):
    with written._engine.connect() as link, link.begin() as change:
        link.execute(statement)
        found = verify(link)[1]
        change.rollback()
    assert any(one.startswith(f"{what} ") for one in found), found
    assert written.verify()[1] == ()


def test_rows_of_before_the_record_told_of_their_uses_still_hold(written, monkeypatch):
    """An older version's record tells less, and what it tells is all that is held against them."""
    telling = cuts.audit.append

    def older(link, actor, action, body, now):
        telling(
            link, actor, action, {k: v for k, v in body.items() if k not in ("uses", "rests_on", "kept")}, now
        )

    monkeypatch.setattr(cuts.audit, "append", older)
    written.change(lambda link, now: cuts.register(link, new_cut("v3"), [], "Ted", now) and Done(200, "{}"))
    assert written.verify()[1] == ()


def test_noting_a_publish_reads_no_table_of_publishes_as_a_whole(tmp_path):
    """It holds up every other writer, for years of publishes."""
    with open_store(str(tmp_path / "r.sqlite")) as store, store._engine.connect() as link:
        plans = []

        def explain(connection, cursor, statement, parameters, *_):
            if statement.startswith("SELECT") and "publish" in statement:
                rows = connection.connection.cursor().execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
                plans.extend(row[3] for row in rows)

        event.listen(store._engine, "before_cursor_execute", explain)
        publishes.note(
            link, Publish("HELIOS", "S1", None, "v1", (USE,)), {}, "Art", datetime.now(timezone.utc)
        )
        assert len(plans) >= 5
        assert not [one for one in plans if one.startswith("SCAN publish")]
