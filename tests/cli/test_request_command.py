"""A clearance request from the stopped shot to the officer's answer and back, by what people type, over HTTP."""

from __future__ import annotations

import json

import pytest

from clearcut.store.tokens import Role
from fakes.serving import serving
from fakes.studio import EDIT, Studio

CLEARED, BLOCKED = "HEL_010_0020", "HEL_010_0040"


@pytest.fixture
def studio(tmp_path):
    return Studio(tmp_path)


def test_an_artist_asks_an_officer_answers_and_the_next_check_tells(studio):
    with serving(studio.database, studio.folder / "log.txt") as server:
        artist = lambda *words: studio.run(Role.ARTIST, server.url, *words)  # noqa: E731
        officer = lambda *words: studio.run(Role.OFFICER, server.url, *words)  # noqa: E731
        asked = artist("request", "ask", EDIT, "--shot", BLOCKED, "--message", "by Friday")
        assert (asked.code, asked.out.startswith("R-1: asked by a artist")) == (0, True), asked.err
        for part in (BLOCKED, "rpl-p2-face", "licence-expired", "by Friday"):
            assert part in asked.out
        assert artist("request", "ask", EDIT, "--shot", BLOCKED).out.startswith("R-1:")
        assert "R-1: asked by a artist" in artist("check", EDIT, "--shot", BLOCKED).out

        (seen,) = json.loads(officer("request", "list", "--state", "open", "--format", "json").out)
        assert (seen["id"], seen["codes"], seen["message"]) == ("R-1", ["licence-expired"], "by Friday")
        assert officer("request", "list", "--shot", "nothing").out == ""
        wrong = officer("request", "answer", "R-1", "--licence", "L-none")
        assert (wrong.code, "no such licence" in wrong.err) == (2, True)
        assert artist("request", "answer", "R-1", "--refuse", "no").code == 3
        assert officer("request", "answer", "R-1").code == 2
        refused = officer("request", "answer", "R-1", "--refuse", "the estate does not renew")
        assert (refused.code, "refused by a officer" in refused.out) == (0, True)

        told = artist("check", EDIT, "--shot", BLOCKED)
        assert told.code == 1
        assert "the estate does not renew" in " ".join(told.out.split())
        again = officer("request", "answer", "R-1", "--refuse", "no")
        assert (again.code, "refused already" in again.err) == (2, True)
        assert artist("request", "withdraw", "R-1").code == 2
        assert artist("request", "withdraw", "R-9").code == 2
        assert artist("request", "ask", EDIT, "--shot", BLOCKED).out.startswith("R-2:")
        assert "withdrawn" in artist("request", "withdraw", "R-2").out
        assert studio.verified()


def test_there_is_nothing_to_ask_for_where_nothing_is_stopped(studio):
    with serving(studio.database, studio.folder / "log.txt") as server:
        for shot in (CLEARED, "HEL_999"):
            done = studio.run(Role.ARTIST, server.url, "request", "ask", EDIT, "--shot", shot)
            assert (done.code, "nothing to ask for" in done.err) == (2, True)


def test_without_a_server_nobody_takes_a_request(studio):
    done = studio.run(Role.ARTIST, "", "request", "ask", EDIT, "--shot", BLOCKED)
    assert (done.code, "give --server" in done.last_line) == (2, True)
