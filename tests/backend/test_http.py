"""Whatever the server does, the client ends in an answer to rely on or in a BackendError, in time."""

from __future__ import annotations

import json
import ssl
import subprocess
import time

import pytest
import requests

from clearcut.backend import HttpBackend
from clearcut.errors import BackendError, RecognitionChanged
from fakes.crooked_server import crooked, honest
from fakes.questions import RECOGNITION, a_request, a_use, cleared_answer

TOKEN = "ccl_a-token-that-nobody-may-see"
REQUEST = a_request()


def ask(behave, *, request=REQUEST, **options):
    """The BackendError that asking ended in, and the server it was asked of."""
    with crooked(behave) as server:
        backend = HttpBackend(server.url, TOKEN, sleep=lambda _: None, **options)
        with pytest.raises(BackendError) as raised:
            backend.decide(request)
    assert TOKEN not in str(raised.value)
    assert TOKEN not in raised.value.remedy
    assert TOKEN not in repr(raised.value.__dict__)
    return raised.value, server


def changed(change):
    """A server whose answer is right but for one change."""

    def behave(handler):
        plain = handler.right_answer()
        change(plain)
        handler.say_json(plain)

    return behave


def test_an_honest_server_is_believed():
    with crooked(honest) as server:
        backend = HttpBackend(server.url, TOKEN)
        assert backend.recognition() == RECOGNITION
        assert backend.decide(REQUEST) == cleared_answer(REQUEST)
        assert backend.source().name == server.url
    assert [seen.headers["Authorization"] for seen in server.seen] == [f"Bearer {TOKEN}"] * 2
    assert TOKEN not in "".join(seen.path for seen in server.seen)


def test_decisions_come_back_in_the_order_of_the_request():
    with crooked(changed(lambda plain: plain["decisions"].reverse())) as server:
        answer = HttpBackend(server.url, TOKEN).decide(REQUEST)
    assert [decision.use for decision in answer.decisions] == ["u0", "u1"]


INVALID, UNAVAILABLE, UNAUTHORISED = "backend-invalid-answer", "backend-unavailable", "backend-unauthorised"

STATUSES = [
    (500, UNAVAILABLE, 1),
    (501, UNAVAILABLE, 1),
    (502, UNAVAILABLE, 4),
    (503, UNAVAILABLE, 4),
    (504, UNAVAILABLE, 4),
    (429, UNAVAILABLE, 4),
    (400, INVALID, 1),
    (404, INVALID, 1),
    (413, INVALID, 1),
    (401, UNAUTHORISED, 1),
    (403, UNAUTHORISED, 1),
    (301, INVALID, 1),
    (302, INVALID, 1),
    (307, INVALID, 1),
    (308, INVALID, 1),
]


@pytest.mark.parametrize("status, code, times", STATUSES)
def test_a_status_that_is_no_answer_is_an_error_even_with_a_right_answer_in_its_body(status, code, times):
    def behave(handler):
        body = json.dumps(handler.right_answer()).encode()
        handler.say(status, body, headers=[("Location", "/v1/elsewhere")])

    error, server = ask(behave)
    assert error.code == code
    assert len(server.seen) == times


@pytest.mark.parametrize("status, remedy", [(401, "valid token"), (403, "whose role may do this")])
def test_a_refusal_says_what_helps_against_it(status, remedy):
    """A token whose role may not do something is valid: another of its kind is refused as well."""
    error, _ = ask(lambda handler: handler.say(status, b"{}"))
    assert remedy in error.remedy


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_what_may_pass_is_asked_again(status):
    def behave(handler):
        if len(handler.server.seen) < 3:
            handler.say(status)
        else:
            honest(handler)

    with crooked(behave) as server:
        answer = HttpBackend(server.url, TOKEN, sleep=lambda _: None).decide(REQUEST)
    assert answer == cleared_answer(REQUEST)


def test_the_server_may_ask_for_a_pause_but_not_for_a_long_one():
    pauses = []

    def behave(handler):
        handler.say(503, headers=[("Retry-After", "3600")])

    with crooked(behave) as server, pytest.raises(BackendError):
        HttpBackend(server.url, TOKEN, sleep=pauses.append).decide(REQUEST)
    assert pauses
    assert max(pauses) <= 5


def test_a_redirect_is_not_followed():
    with crooked(honest) as elsewhere:

        def behave(handler):
            handler.say(307, headers=[("Location", f"{elsewhere.url}/v1/check")])

        error, _ = ask(behave)
        assert elsewhere.seen == []
        assert error.code == INVALID
        assert elsewhere.url not in str(error)
        # The twin: requests left alone goes where it is sent, token and all.
        with crooked(behave) as server:
            answer = requests.post(
                f"{server.url}/v1/check", data=_body(), headers={"Authorization": "Bearer x"}, timeout=5
            )
        assert answer.status_code == 200
        assert len(elsewhere.seen) == 1


BODIES = {
    "nothing": b"",
    "half of JSON": b'{"schema": "clearcut.answer/1", "decisions": [{"use": "u0", "outc',
    "a log-in page": b"<html><body>Please log in</body></html>",
    "a list": b"[]",
    "null": b"null",
    "a number": b"1",
    "true": b"true",
    "an empty object": b"{}",
    "latin-1": b'{"schema": "\xe9"}',
    "UTF-16": json.dumps({}).encode("utf-16"),
    "NaN": b'{"schema": NaN}',
    "infinity": b'{"schema": -Infinity}',
    "a very long number": b'{"schema": ' + b"9" * 10_000 + b"}",
    "very deep": b"[" * 100_000 + b"]" * 100_000,
    "a key twice": b'{"schema": "clearcut.answer/1", "schema": "clearcut.answer/1"}',
    "two values": b"{}{}",
    "only zeros": b"\x00" * 100,
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_a_body_that_is_no_answer_is_invalid(body):
    error, server = ask(lambda handler: handler.say(200, body))
    assert error.code == INVALID
    assert len(server.seen) == 1


@pytest.mark.parametrize(
    "kind", ["", "text/html", "text/plain", "application/octet-stream", "application/jsonp"]
)
def test_a_right_answer_of_the_wrong_content_type_is_invalid(kind):
    error, _ = ask(lambda handler: handler.say(200, json.dumps(handler.right_answer()).encode(), kind))
    assert error.code == INVALID


def _drop_a_decision(plain):
    plain["decisions"].pop()


def _decide_twice(plain):
    plain["decisions"].append(plain["decisions"][0])


def _decide_one_twice_and_one_not(plain):
    plain["decisions"][1] = plain["decisions"][0]


def _set(*path_and_value):
    *path, last, value = path_and_value

    def change(plain):
        for step in path:
            plain = plain[step]
        plain[last] = value

    return change


def _reason(severity, code="no-licence", **detail):
    return {
        "code": code,
        "severity": severity,
        "message": "m",
        "remedy": "r",
        "who": "clearance",
        "licence": None,
        "detail": detail,
    }


WRONG_ANSWERS = {
    "short": _drop_a_decision,
    "empty": _set("decisions", []),
    "a use twice": _decide_twice,
    "a use twice in place of another": _decide_one_twice_and_one_not,
    "a foreign use": _set("decisions", 0, "use", "u99"),
    "an id that is a number": _set("decisions", 0, "use", 0),
    "another question's": _set("question", "0" * 32),
    "no question's": _set("question", ""),
    "another schema": _set("schema", "clearcut.answer/2"),
    "an unknown outcome": _set("decisions", 0, "outcome", "fine"),
    "an outcome in capitals": _set("decisions", 0, "outcome", "CLEARED"),
    "no outcome": _set("decisions", 0, "outcome", None),
    "true for an outcome": _set("decisions", 0, "outcome", True),
    "no use of a replica is not applicable": _set("decisions", 0, "outcome", "not_applicable"),
    "cleared beside a reason that blocks": _set("decisions", 0, "reasons", [_reason("block")]),
    "cleared beside a reason to doubt": _set("decisions", 0, "reasons", [_reason("unknown")]),
    "cleared without a licence": _set("decisions", 0, "licences", []),
    "an unknown severity": _set("decisions", 0, "reasons", [_reason("harmless")]),
    "an unknown reason": _set("decisions", 0, "reasons", [_reason("warn", "all-good")]),
    "a waiver where nobody may waive": _set(
        "decisions", 0, "reasons", [_reason("warn", "licence-revoked", waiver="W-1")]
    ),
    "reasons that are no list": _set("decisions", 0, "reasons", {}),
    "an unknown key": _set("decisions", 0, "note", "ok"),
    "an unknown key at the top": _set("cleared", True),
    "a negative total": _set("totals", 0, "frames", -1),
    "negative seconds": _set("totals", 0, "seconds", "-1"),
    "seconds as a number": _set("totals", 0, "seconds", 4),
    "seconds as a float": _set("totals", 0, "seconds", 4.5),
    "NaN seconds": _set("totals", 0, "seconds", "NaN"),
    "true for frames": _set("totals", 0, "frames", True),
    "a moment without a zone": _set("as_of", "2026-11-20T12:00:00"),
    "no moment": _set("as_of", None),
}


@pytest.mark.parametrize("change", WRONG_ANSWERS.values(), ids=WRONG_ANSWERS.keys())
def test_an_answer_that_is_wrong_in_one_place_is_invalid(change):
    error, server = ask(changed(change))
    assert error.code == INVALID
    assert len(server.seen) == 1


@pytest.mark.parametrize("key", ["schema", "question", "decisions", "totals", "reasons", "as_of"])
def test_an_answer_that_lacks_a_key_is_invalid(key):
    error, _ = ask(changed(lambda plain: plain.pop(key)))
    assert error.code == INVALID


def test_the_answer_to_an_earlier_question_with_the_same_ids_is_not_taken_for_this_ones():
    """A proxy that doubles or reorders answers: the ids match, the question does not."""
    first_answers = []

    def behave(handler):
        first_answers.append(handler.right_answer())
        handler.say_json(first_answers[0])

    with crooked(behave) as server:
        backend = HttpBackend(server.url, TOKEN)
        backend.decide(REQUEST)
        with pytest.raises(BackendError) as raised:
            backend.decide(a_request(a_use(0, shot="OTHER"), a_use(1)))
    assert raised.value.code == INVALID


def test_the_answer_to_a_what_if_holds_for_its_moment():
    request = a_request(now=cleared_answer(REQUEST).as_of.replace(year=2020))
    error, _ = ask(changed(_set("as_of", "2026-11-20T12:00:00Z")), request=request)
    assert error.code == INVALID


def test_a_body_that_breaks_off_is_no_answer():
    def behave(handler):
        body = json.dumps(handler.right_answer()).encode()
        handler.say(200, body[:-10], length=len(body))
        handler.break_off()

    error, server = ask(behave)
    assert error.code == INVALID
    assert len(server.seen) == 4


def test_a_connection_that_is_closed_without_an_answer_is_tried_again_and_then_unavailable():
    error, server = ask(lambda handler: handler.break_off())
    assert error.code == UNAVAILABLE
    assert len(server.seen) == 4


def test_a_body_longer_than_the_limit_is_not_read_to_its_end():
    def behave(handler):
        handler.say(200, b" " * 500_000)

    error, _ = ask(behave, max_bytes=100_000)
    assert error.code == INVALID
    assert "longer" in str(error)


def test_a_compressed_answer_is_refused_because_it_may_be_a_bomb():
    import gzip

    def behave(handler):
        body = gzip.compress(json.dumps(handler.right_answer()).encode())
        handler.say(200, body, headers=[("Content-Encoding", "gzip")])

    error, _ = ask(behave)
    assert error.code == INVALID


@pytest.mark.parametrize("slow", ["drip", "drip_headers"])
def test_a_server_that_drips_is_given_up_in_time(slow):
    """No socket time-out ever strikes: a byte comes every 50 ms."""
    started = time.monotonic()
    error, _ = ask(lambda handler: getattr(handler, slow)(20, 0.05), timeout_s=0.6)
    assert error.code == UNAVAILABLE
    assert time.monotonic() - started < 12


def test_a_drip_is_what_a_plain_time_out_does_not_see():
    """The twin: requests with a read time-out shorter than our limit waits for as long as the server likes."""
    with crooked(lambda handler: handler.drip(1.5, 0.05)) as server:
        started = time.monotonic()
        with pytest.raises(requests.RequestException):
            requests.get(f"{server.url}/v1/recognition", timeout=0.6)
        assert time.monotonic() - started > 1.2


def test_a_server_that_says_nothing_is_given_up_in_time():
    started = time.monotonic()
    error, _ = ask(lambda handler: handler.server.closing.wait(20), timeout_s=0.5)
    assert error.code == UNAVAILABLE
    assert time.monotonic() - started < 12


def test_the_time_is_for_all_calls_together():
    """Retries and the second recognition after a change spend of the same 30 s."""

    def behave(handler):
        time.sleep(0.3)
        honest(handler)

    with crooked(behave) as server:
        backend = HttpBackend(server.url, TOKEN, timeout_s=0.8)
        backend.recognition()
        backend.recognition()
        with pytest.raises(BackendError) as raised:
            backend.recognition()
    assert raised.value.code == UNAVAILABLE


def test_nothing_listening_is_unavailable():
    with crooked(honest) as server:
        url = server.url
    with pytest.raises(BackendError) as raised:
        HttpBackend(url, TOKEN, sleep=lambda _: None).recognition()
    assert raised.value.code == UNAVAILABLE
    assert "nothing listens" in str(raised.value)


def test_a_name_that_does_not_exist_is_unavailable():
    with pytest.raises(BackendError) as raised:
        HttpBackend("http://clearcut.invalid:1", TOKEN, sleep=lambda _: None, timeout_s=20).recognition()
    assert raised.value.code == UNAVAILABLE


@pytest.mark.parametrize(
    "url",
    ["", "clearcut", "ftp://host", "http://", "http://user:secret@host", "http://host?token=secret", "http://[::1",
     "http://host:99999", "http://host#secret", "file:///etc/passwd"],
)  # fmt: skip
def test_an_address_that_cannot_be_one_is_an_error_of_the_call_and_is_not_repeated(url):
    with pytest.raises(BackendError) as raised:
        HttpBackend(url, TOKEN).recognition()
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize("token", [None, "", " ", "two words", "line\nend", "ümlaut", "a\x00b"])
def test_a_token_that_cannot_be_one_is_never_sent(token):
    with crooked(honest) as server:
        with pytest.raises(BackendError) as raised:
            HttpBackend(server.url, token).recognition()
        assert server.seen == []
    assert raised.value.code == UNAUTHORISED
    assert "CLEARCUT_TOKEN" in raised.value.remedy


def test_a_server_that_repeats_the_token_does_not_make_us_print_it():
    def behave(handler):
        handler.say_json({"code": "unauthorised", "message": f"bad {handler.headers['Authorization']}"}, 401)

    error, _ = ask(behave)
    assert "(token)" in str(error)


def test_a_changed_recognition_is_an_error_of_its_own():
    error, _ = ask(lambda handler: handler.say_json({"code": "recognition-changed", "message": "m"}, 409))
    assert isinstance(error, RecognitionChanged)


def test_another_conflict_is_not_taken_for_a_changed_recognition():
    error, _ = ask(lambda handler: handler.say_json({"code": "conflict", "message": "m"}, 409))
    assert not isinstance(error, RecognitionChanged)
    assert error.code == INVALID


def test_a_recognition_whose_revision_is_not_its_own_is_invalid():
    """Half of a recognition with the whole one's revision would miss replicas and still be current."""

    def behave(handler):
        plain = handler.right_answer()
        plain["replicas"] = []
        handler.say_json(plain)

    with crooked(behave) as server, pytest.raises(BackendError) as raised:
        HttpBackend(server.url, TOKEN).recognition()
    assert raised.value.code == INVALID


# What the environment says


def test_netrc_does_not_replace_the_token(tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login mallory password hunter2\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    with crooked(honest) as server:
        HttpBackend(server.url, TOKEN).recognition()
        # The twin: the same header, given to requests as a header.
        requests.get(f"{server.url}/v1/recognition", headers={"Authorization": f"Bearer {TOKEN}"}, timeout=5)
    ours, theirs = (seen.headers["Authorization"] for seen in server.seen)
    assert ours == f"Bearer {TOKEN}"
    assert theirs.startswith("Basic ")


def test_a_proxy_of_the_environment_is_not_asked(monkeypatch):
    with crooked(honest) as proxy, crooked(honest) as server:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        HttpBackend(server.url, TOKEN).recognition()
        assert proxy.seen == []
        assert len(server.seen) == 1
        # The twin: requests left alone sends the token to the proxy.
        requests.get(f"{server.url}/v1/recognition", headers={"Authorization": f"Bearer {TOKEN}"}, timeout=5)
        assert proxy.seen[0].headers["Authorization"] == f"Bearer {TOKEN}"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A self-signed certificate for 127.0.0.1 and its key."""
    folder = tmp_path_factory.mktemp("tls")
    cert, key = folder / "cert.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-keyout", key, "-out", cert, "-days", "2", "-subj", "/CN=127.0.0.1",
         "-addext", "subjectAltName=IP:127.0.0.1"],
        check=True,
        capture_output=True,
    )  # fmt: skip
    return cert, key


def _tls(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    return context


def test_the_studios_own_ca_file_is_used(certificate):
    with crooked(honest, _tls(certificate)) as server:
        assert HttpBackend(server.url, TOKEN, ca_file=certificate[0]).recognition() == RECOGNITION


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_certificate_nobody_vouches_for_is_refused_whatever_the_environment_trusts(
    certificate, monkeypatch
):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate[0]))
    monkeypatch.setenv("CURL_CA_BUNDLE", str(certificate[0]))
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    with crooked(honest, _tls(certificate)) as server:
        with pytest.raises(BackendError) as raised:
            HttpBackend(server.url, TOKEN).recognition()
        assert raised.value.code == UNAVAILABLE
        assert "certificate" in str(raised.value)
        assert server.seen == []
        # The twin: requests left alone trusts whoever the environment names.
        requests.get(f"{server.url}/v1/recognition", timeout=5)
        assert len(server.seen) == 1


def test_a_ca_file_that_is_not_there_is_an_error(tmp_path):
    with crooked(honest) as server:
        url = server.url.replace("http:", "https:")
        with pytest.raises(BackendError) as raised:
            HttpBackend(url, TOKEN, ca_file=tmp_path / "none.pem", sleep=lambda _: None).recognition()
    assert raised.value.code == UNAVAILABLE


def _body():
    from clearcut.core.wire import request_to_json

    return json.dumps(request_to_json(REQUEST, question="q")).encode()
