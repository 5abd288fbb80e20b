"""Every role on every route of the app's own route table; what an artist may see; every refusal in the record."""

from __future__ import annotations

import dataclasses
import json
from datetime import datetime, timedelta, timezone

import pytest
from litestar.handlers import HTTPRouteHandler
from sqlalchemy import select

from clearcut.core.registry_json import registry_from_json
from clearcut.core.wire import request_to_json
from clearcut.server import create_app
from clearcut.server.desk import Desk
from clearcut.server.examples import REGISTRY
from clearcut.server.permissions import ALLOWED, Permission
from clearcut.store import open_store
from clearcut.store.schema import audit
from clearcut.store.tokens import Role
from fakes.questions import NOON, a_request, a_use

ALL = set(Role)
STAFF = {Role.OFFICER, Role.ADMIN}
READERS = {*STAFF, Role.AUDITOR}
CUTTERS = {*STAFF, Role.TD}
ASKERS = {*CUTTERS, Role.ARTIST}
# Who may, by method and path; None: no token is needed. A route that is not here fails the first test.
ROWS = {
    ("GET", "/v1/health"): None,
    ("GET", "/v1/health/ready"): None,
    ("GET", "/metrics"): ALL,
    ("GET", "/v1/recognition"): ALL,
    ("POST", "/v1/check"): ALL,
    ("GET", "/v1/registry"): READERS,
    ("PUT", "/v1/registry"): STAFF,
    ("GET", "/v1/records/{kind}"): READERS,
    ("POST", "/v1/records/{kind}"): STAFF,
    ("GET", "/v1/records/{kind}/{key}"): READERS,
    ("PUT", "/v1/records/{kind}/{key}"): STAFF,
    ("POST", "/v1/records/{kind}/{key}/revoke"): STAFF,
    ("GET", "/v1/waiver-proposals"): READERS,
    ("POST", "/v1/waiver-proposals"): STAFF,
    ("POST", "/v1/waiver-proposals/{identity}/approve"): STAFF,
    ("POST", "/v1/waiver-proposals/{identity}/refuse"): STAFF,
    ("POST", "/v1/cuts"): CUTTERS,
    ("GET", "/v1/cuts"): ALL,
    ("GET", "/v1/cuts/{identity}"): ALL,
    ("POST", "/v1/cuts/{identity}/govern"): CUTTERS,
    ("POST", "/v1/publishes"): ALL,
    ("GET", "/v1/publishes"): READERS,
    ("GET", "/v1/impact"): READERS,
    ("POST", "/v1/requests"): ASKERS,
    ("GET", "/v1/requests"): ALL,
    ("GET", "/v1/requests/{identity}"): ALL,
    ("POST", "/v1/requests/{identity}/answer"): STAFF,
    ("POST", "/v1/requests/{identity}/withdraw"): ASKERS,
}
GUARDED = [route for route, roles in ROWS.items() if roles is not None]


def routes_of_the_app(tmp_path):
    """Method and path of each route, documented or not, but for the documentation itself."""
    with open_store(str(tmp_path / "empty.sqlite")) as store:
        app = create_app(Desk(store, ()))
        for route in app.routes:
            for handler in getattr(route, "route_handlers", ()):
                if isinstance(handler, HTTPRouteHandler) and not route.path.startswith("/v1/openapi"):
                    for method in handler.http_methods - {"OPTIONS"}:
                        yield (str(method), route.path.replace(":str}", "}")), handler.opt.get("permission")


# Made in this process the application warns of how its parameters are declared, which Litestar 3 will want otherwise.
@pytest.mark.filterwarnings(
    "ignore::DeprecationWarning", "ignore::litestar.exceptions.LitestarDeprecationWarning"
)
def test_every_route_has_a_row_and_every_permission_gives_what_the_row_says(tmp_path):
    found = dict(routes_of_the_app(tmp_path))
    assert set(found) == set(ROWS)
    for route, permission in found.items():
        roles = ROWS[route]
        assert (None if permission is None else ALLOWED[permission]) == roles, route
    assert set(found.values()) - {None} == set(Permission)


def bodiless(method, path):
    """A request that changes nothing, whoever is let through."""
    body = b"[]" if method != "GET" else None
    return path.replace("{kind}", "licences").replace("{key}", "nothing").replace("{identity}", "X-0"), body


def refusals(own):
    with open_store(str(own.database)) as store:
        chosen = (
            select(audit.c.actor, audit.c.body).where(audit.c.action == "refused").order_by(audit.c.sequence)
        )
        return store.read(lambda link: [(row.actor, json.loads(row.body)) for row in link.execute(chosen)])


@pytest.mark.parametrize("method, path", GUARDED)
def test_each_role_may_do_what_its_row_says_and_each_refusal_is_in_the_record(show, method, path):
    asked, body = bodiless(method, path)
    before = refusals(show)
    for role in Role:
        status = show.ask(method, asked, role, data=body).status_code
        if role in ROWS[method, path]:
            assert status in (200, 400, 404), (role, status)
        else:
            assert status == 403, role
    told = refusals(show)[len(before) :]
    expected = [role for role in Role if role not in ROWS[method, path]]
    assert [(actor, one["route"]) for actor, one in told] == [(f"a {role.value}", asked) for role in expected]


HEADERS = [
    None,
    "",
    "Bearer",
    "Bearer ",
    "Bearer wrong",
    "Basic YTpi",
    "bearer\twrong",
    "Bearer ccl_" + "A" * 43,
]


@pytest.mark.parametrize("method, path", GUARDED)
def test_without_a_valid_token_nobody_gets_anything_and_the_record_tells(show, method, path):
    asked, body = bodiless(method, path)
    before = len(refusals(show))
    for header in HEADERS:
        answer = show.server.ask(
            method, asked, headers={} if header is None else {"Authorization": header}, data=body
        )
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthorised")
        assert all(answer.json()[part] for part in ("message", "who", "remedy"))
        assert answer.headers["WWW-Authenticate"] == "Bearer"
    told = refusals(show)[before:]
    assert [(actor, one["route"]) for actor, one in told] == [("nobody", asked)] * len(HEADERS)
    assert {one["why"] for _, one in told} == {"no token", "an unknown token"}
    assert "wrong" not in str(told)


@pytest.mark.parametrize("method, path", GUARDED)
def test_other_methods_tell_nothing_but_what_a_path_takes(show, method, path):
    asked, _ = bodiless(method, path)
    answer = show.server.ask("OPTIONS", asked)
    assert (answer.status_code, answer.content) == (204, b"")
    other = show.ask("PATCH", asked)
    assert (other.status_code, other.json()["code"]) == (405, "method-not-allowed")
    assert method in other.headers["Allow"]


def test_the_record_names_whose_token_had_ended_or_was_revoked(show):
    with open_store(str(show.database)) as store:
        past = datetime.now(timezone.utc) - timedelta(days=1)
        ended = store.create_token("ended", Role.ADMIN, expires=past, by="admin")
        revoked = store.create_token("revoked", Role.ADMIN, by="admin")
        identity = next(entry.id for entry in store.token_entries() if entry.name == "revoked")
        store.revoke_token(identity, by="admin")
    for token in (ended, revoked):
        assert show.server.ask("GET", "/v1/registry", token).status_code == 401
    assert [(actor, one["why"]) for actor, one in refusals(show)[-2:]] == [
        ("ended", "a token that has ended"), ("revoked", "a revoked token")]  # fmt: skip
    assert refusals(show)[-1][1]["token"] == identity


def test_a_refusal_that_cannot_be_recorded_is_still_none_of_what_was_asked(tmp_path, new_show):
    with new_show(tmp_path) as own:
        with open_store(str(own.database)) as store:
            store.change(lambda link, _: link.exec_driver_sql("ALTER TABLE audit RENAME TO gone"))
        assert own.ask("GET", "/v1/registry", Role.ARTIST).status_code == 503
        assert own.ask("GET", "/v1/registry", None).status_code == 503


# What an artist may see

SECRET = "SECRET"
# Of each kind of record, what is of contracts, of persons, of evidence, or written freely among clearance staff. A
# waiver's reason and persons stand in every report on purpose, and so do an approval's note and a party to be asked.
HIDDEN = {
    "performers": ("name", "identifiers.value"),
    "replicas": ("identifiers.value", "technique"),
    "not_replicas": ("reason", "by"),
    "productions": ("title",),
    "licences": ("consent.description", "evidence.uri"),
    "approvals": ("by",),
    "exemptions": ("claimant", "evidence.uri"),
}  # fmt: skip


def mark(value, steps, text):
    if isinstance(value, list):
        for one in value:
            mark(one, steps, text)
    elif len(steps) == 1:
        value[steps[0]] = text
    else:
        mark(value[steps[0]], steps[1:], text)


def marked():
    """The example of a registry, with a mark in each text that is nobody else's business."""
    document = json.loads(json.dumps(REGISTRY))
    for kind, paths in HIDDEN.items():
        for path in paths:
            mark(document[kind], path.split("."), f"{SECRET} {kind} {path}")
    document["licences"][0]["compensation"]["status"] = "due"
    return registry_from_json(document)


@pytest.fixture(scope="module")
def marked_show(tmp_path_factory, new_show):
    with new_show(tmp_path_factory.mktemp("marked")) as made:
        registry = marked()
        with open_store(str(made.database)) as store:
            store.import_registry(registry, by="officer", why=f"{SECRET} why", base=1)
        yield made, registry


def questions(registry):
    """Uses that fail in every way the registry knows, so that every kind of reason is told."""
    said = a_use(0).declared
    for changes in ({"uses": ("stunt",)}, {"uses": ("dub",)}, {"depictions": ("nudity",)}, {"exemption": "X-8"},
                    {"exemption": "X-9"}, {"alterations": ("de_age",)}, {"language": "de-DE"}):  # fmt: skip
        declared = dataclasses.replace(said, **changes)
        for shot in ("HEL_010_0010", "HEL_010_0060", "HEL_010_0070"):
            for production in ("HELIOS", "OTHER", None):
                use = a_use(0, replica="rpl-p8-body", shot=shot, version="v003", declared=declared)
                yield a_request(use, production=production, recognition=registry.recognition().revision)


@pytest.mark.parametrize("role", [Role.ARTIST, Role.TD, Role.FARM])
def test_who_may_not_read_contracts_sees_no_contract_no_name_and_no_evidence(marked_show, role):
    own, registry = marked_show
    asked = {
        "production": "HELIOS",
        "shot": "HEL_010_0010",
        "replica": "rpl-p8-body",
        "codes": ["no-licence"],
    }
    own.ask("POST", "/v1/requests", Role.ARTIST, json=asked)
    cut = a_request(
        a_use(0, replica="rpl-p8-body"), recognition=registry.recognition().revision, cut_version=role.value
    )
    own.ask("POST", "/v1/cuts", Role.OFFICER, json=request_to_json(cut, question="q"))
    own.ask("POST", "/v1/requests/R-1/answer", Role.OFFICER, json={"revision": 1, "licence": "L-8"})
    said = []
    for method, path in GUARDED:
        places = [
            ("{kind}", "licences"),
            ("{key}", "L-8"),
            ("{identity}", "R-1" if "requests" in path else "C-1"),
        ]
        asked_at = path
        for place, value in places:
            asked_at = asked_at.replace(place, value)
        said.append(own.ask(method, asked_at, role, data=b"[]" if method != "GET" else None).text)
    codes = set()
    for request in questions(registry):
        plain = request_to_json(dataclasses.replace(request, now=NOON), question="q")
        answer = own.ask("POST", "/v1/check", role, json=plain)
        assert answer.status_code == 200
        said.append(answer.text)
        codes |= {r["code"] for one in answer.json()["decisions"] for r in one["reasons"]}
    assert len(codes) >= 8, codes
    assert "P8" in "".join(said)
    for text in said:
        assert SECRET not in text, text[max(0, text.find(SECRET) - 200) :][:400]


def test_twin_who_may_read_contracts_sees_them(marked_show):
    own, _ = marked_show
    text = own.ask("GET", "/v1/registry", Role.AUDITOR).text
    for kind, paths in HIDDEN.items():
        for path in paths:
            assert f"{SECRET} {kind} {path}" in text
