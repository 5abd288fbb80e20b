"""One exchange with the clearance server: a path and a body in, strict JSON or a BackendError out.

What the environment says is ignored on purpose: no proxies, no .netrc, no CA bundle of its own, because each of
them lets somebody else answer. No redirect is followed. Time and size are limited: the time in all, by a thread
that is left behind when it is up, because a peer that sends a byte now and then never meets a socket's time-out.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.auth import AuthBase

from clearcut import __version__
from clearcut.core.codec import WireError, strict_loads
from clearcut.errors import BackendError, RecognitionChanged

MAX_ANSWER_BYTES = 64 * 1024 * 1024
_CHUNK_BYTES = 1 << 16
_CONNECT_TIMEOUT_S = 5.0
_PAUSES_S = (0.2, 0.5, 1.0)
_LONGEST_PAUSE_S = 5.0
# Nothing was decided by whoever sent these, and asking again may help.
_TRY_AGAIN = frozenset({429, 502, 503, 504})
_TOKEN_REMEDY = "set a valid token in CLEARCUT_TOKEN or CLEARCUT_TOKEN_FILE"  # noqa: S105 - advice, no token
_ROLE_REMEDY = "ask somebody whose role may do this, or for a token of another role"

Sleep = Callable[[float], None]


class _Bearer(AuthBase):
    """Sets the token itself: without an AuthBase, requests lets .netrc replace the header."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class _Passing(Exception):  # noqa: N818 - it passes, so it is no error yet
    """A failure that may pass; `pause_s` is how long the server asked us to wait, `final` what it is if it stays."""

    def __init__(self, final: BackendError, pause_s: float = 0.0) -> None:
        super().__init__(str(final))
        self.final = final
        self.pause_s = pause_s


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: the status, the body's JSON value, and the registry's revision where the server said it."""

    status: int
    plain: Any
    revision: int | None = None


class DeclinedError(BackendError):
    """The server answered with a refusal of its own (400 to 499): its status, its code, and what it said."""

    code = "backend-invalid-answer"

    def __init__(self, message: str, status: int, plain: Any, *, where: str) -> None:
        super().__init__(message, where=where, remedy="try again, and tell whoever runs the server")
        self.status = status
        self.plain = plain if isinstance(plain, dict) else {}


class Exchange:
    """Talks to one server with one token. `timeout_s` is for all calls of one object together.

    `url` is http or https with nothing but a host, a port and perhaps a path. `read_timeout_s` is the longest
    silence within one answer. `ca_file` replaces the shipped
    certificate authorities. Not to be shared between threads.
    """

    def __init__(
        self,
        url: str,
        token: str | None,
        *,
        ca_file: str | Path | None = None,
        timeout_s: float = 30.0,
        read_timeout_s: float = 20.0,
        max_bytes: int = MAX_ANSWER_BYTES,
        sleep: Sleep = time.sleep,
    ) -> None:
        self.base = _base(url)
        self._auth = _Bearer(_usable(token))
        self._secret = _usable(token)
        self._verify: str | bool = str(ca_file) if ca_file is not None else True
        self._timeout_s = timeout_s
        self._left_s = timeout_s
        self._read_timeout_s = read_timeout_s
        self._max_bytes = max_bytes
        self._sleep = sleep

    def send(self, method: str, path: str, body: bytes | None = None, key: str | None = None) -> Reply:
        """The reply with a status below 300, or BackendError. Tries again what may pass, within the time left.

        `key` is a write's idempotency key: however often it is tried, the server does it once.
        """
        started = time.monotonic()
        deadline = started + self._left_s
        try:
            return self._tries(method, path, body, key, deadline)
        finally:
            self._left_s -= time.monotonic() - started

    def _tries(self, method: str, path: str, body: bytes | None, key: str | None, deadline: float) -> Reply:
        last: BackendError | None = None
        for pause_s in (*_PAUSES_S, None):
            left_s = deadline - time.monotonic()
            if left_s <= 0:
                break
            try:
                return self._once_within(left_s, method, path, body, key)
            except _Passing as passing:
                last = passing.final
                if pause_s is None:
                    break
                wait_s = min(max(pause_s, passing.pause_s), _LONGEST_PAUSE_S)
                if time.monotonic() + wait_s >= deadline:
                    break
                self._sleep(wait_s)
        raise last or self._too_slow()

    def _once_within(
        self, left_s: float, method: str, path: str, body: bytes | None, key: str | None
    ) -> Reply:
        """One try in a thread of its own, given up when the time is up."""
        outcome: list[Reply | BaseException] = []

        def work() -> None:
            try:
                outcome.append(self._once(left_s, method, path, body, key))
            except BaseException as error:  # noqa: BLE001 - handed to the caller's thread, which raises it
                outcome.append(error)

        worker = threading.Thread(target=work, name="clearcut-ask", daemon=True)
        worker.start()
        worker.join(left_s)
        if not outcome:
            raise self._too_slow()
        result = outcome[0]
        if isinstance(result, BaseException):
            raise result
        return result

    def _once(self, left_s: float, method: str, path: str, body: bytes | None, key: str | None) -> Reply:
        deadline = time.monotonic() + left_s
        headers = {
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "User-Agent": f"clearcut/{__version__}",
        }
        if body is not None:
            headers["Content-Type"] = "application/json"
        if key is not None:
            headers["Idempotency-Key"] = key
        try:
            with requests.Session() as session:
                session.trust_env = False
                session.verify = self._verify
                response = session.request(
                    method,
                    self.base + path,
                    data=body,
                    headers=headers,
                    auth=self._auth,
                    timeout=(min(_CONNECT_TIMEOUT_S, left_s), min(self._read_timeout_s, left_s)),
                    allow_redirects=False,
                    stream=True,
                )
                with response:
                    return self._read(response, deadline)
        except requests.exceptions.SSLError:
            raise BackendError(
                "the server's certificate does not hold",
                where=self.base,
                remedy="name the studio's own CA file, or have the certificate renewed",
            ) from None
        except requests.exceptions.ChunkedEncodingError:
            raise _Passing(self._invalid("the answer broke off")) from None
        except (requests.exceptions.ConnectionError, requests.exceptions.Timeout) as error:
            raise _Passing(self._unavailable(_cause(error))) from None
        except (requests.exceptions.RequestException, OSError, ValueError) as error:
            raise self._unavailable(_cause(error)) from None

    def _read(self, response: requests.Response, deadline: float) -> Reply:
        status = response.status_code
        if status in _TRY_AGAIN:
            raise _Passing(self._unavailable(f"it answered {status}"), _asked_pause_s(response))
        if 300 <= status < 400:
            raise self._invalid(f"it answered with a redirect ({status}); is the address right?")
        if status >= 500:
            raise self._unavailable(f"it answered {status}")
        kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if status in {401, 403}:
            raise self._refused(status, self._words(response, deadline) if kind == "application/json" else "")
        if kind != "application/json":
            raise self._invalid(f"it answered {status} with {kind or 'no content type'}, not JSON")
        if response.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise self._invalid("it compressed its answer, which was not asked for")
        try:
            plain = strict_loads(self._body(response, deadline))
        except WireError as error:
            raise self._invalid(str(error)) from None
        if status >= 400:
            raise self._declined(status, plain)
        revision = response.headers.get("Clearcut-Revision", "")
        return Reply(
            status,
            plain,
            int(revision) if revision.isascii() and revision.isdigit() and len(revision) < 10 else None,
        )

    def _body(self, response: requests.Response, deadline: float) -> bytes:
        chunks: list[bytes] = []
        size = 0
        for chunk in response.iter_content(_CHUNK_BYTES):
            size += len(chunk)
            if size > self._max_bytes:
                raise self._invalid(f"its answer is longer than {self._max_bytes} bytes")
            if time.monotonic() >= deadline:
                raise self._too_slow()
            chunks.append(chunk)
        return b"".join(chunks)

    def _words(self, response: requests.Response, deadline: float) -> str:
        try:
            plain = strict_loads(self._body(response, deadline))
        except WireError:
            return ""
        return self._message(plain)

    def _message(self, plain: Any) -> str:
        """What the server says, fit to be shown."""
        return self.shown(plain.get("message") if isinstance(plain, dict) else None)

    def shown(self, words: Any) -> str:
        """Words of the server's, shortened, printable, and without our token whatever it echoes."""
        if not isinstance(words, str):
            return ""
        visible = "".join(letter if letter.isprintable() else " " for letter in words)
        return visible.replace(self._secret, "(token)")[:300]

    def _declined(self, status: int, plain: Any) -> BackendError:
        code = plain.get("code") if isinstance(plain, dict) else None
        if status == 409 and code == "recognition-changed":
            return RecognitionChanged("the registry's assets changed while the cut was read", where=self.base)
        words = self._message(plain)
        return DeclinedError(
            f"the clearance server gave no answer to rely on: it answered {status}{': ' if words else ''}{words}",
            status,
            plain,
            where=self.base,
        )

    def _unavailable(self, what: str) -> BackendError:
        return BackendError(f"the clearance server cannot be asked: {what}", where=self.base)

    def _invalid(self, what: str) -> BackendError:
        return invalid_answer(self.base, what)

    def _refused(self, status: int, words: str) -> BackendError:
        what = words or ("the token is not valid" if status == 401 else "the token may not do this")
        return BackendError(
            f"the clearance server refused the request: {what}",
            where=self.base,
            code="backend-unauthorised",
            remedy=_TOKEN_REMEDY if status == 401 else _ROLE_REMEDY,
        )

    def _too_slow(self) -> BackendError:
        return self._unavailable(f"no complete answer within {self._timeout_s:g} s in all")


def invalid_answer(where: str, what: object) -> BackendError:
    """What somebody answered cannot be relied on, and why not."""
    return BackendError(
        f"the clearance server gave no answer to rely on: {what}",
        where=where,
        code="backend-invalid-answer",
        remedy="try again, and tell whoever runs the server",
    )


def _base(url: str) -> str:
    """The address without a slash at its end. Raises BackendError; the address itself may hold a secret."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    if parts.scheme not in {"http", "https"} or not host or parts.username is not None:
        raise BackendError(
            "the server's address must be http://HOST:PORT or https://HOST, without a name or password",
            remedy="correct --server, CLEARCUT_SERVER or the rule file",
        )
    if parts.query or parts.fragment:
        raise BackendError(
            "the server's address must not hold a query or a fragment",
            remedy="correct --server, CLEARCUT_SERVER or the rule file",
        )
    return url.rstrip("/")


def _usable(token: str | None) -> str:
    if not token:
        raise BackendError("no token is set", code="backend-unauthorised", remedy=_TOKEN_REMEDY)
    if not all("!" <= letter <= "~" for letter in token):
        raise BackendError(
            "the token holds spaces, line ends or letters that no token has",
            code="backend-unauthorised",
            remedy=_TOKEN_REMEDY,
        )
    return token


def _asked_pause_s(response: requests.Response) -> float:
    asked = response.headers.get("Retry-After", "")
    return float(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 0.0


def _cause(error: BaseException) -> str:
    """A short cause: library messages hold object addresses and whole URLs."""
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return "no connection in time"
    if isinstance(error, requests.exceptions.Timeout):
        return "no answer in time"
    text = str(error)
    for mark, cause in (
        ("Connection refused", "nothing listens at that address"),
        ("NameResolution", "its name cannot be resolved"),
        ("RemoteDisconnected", "it closed the connection without an answer"),
        ("reset by peer", "it broke the connection"),
        ("certificate", "the CA file cannot be used"),
    ):
        if mark in text:
            return cause
    return f"no connection ({type(error).__name__})"
