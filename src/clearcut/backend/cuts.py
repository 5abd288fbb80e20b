"""The server's registered cuts and noted publishes, for whoever registers, notes or asks what a change touches."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from clearcut.backend.exchange import DeclinedError, Exchange
from clearcut.core.codec import WireError, from_plain, to_plain
from clearcut.core.registered import NotedPublish, Publish, RegisteredCut, Touched
from clearcut.core.request import CheckRequest
from clearcut.core.wire import request_to_json
from clearcut.errors import BackendError, ClearcutError, ConflictError, MissingError

Value = TypeVar("Value")
_PAGE = 1000


class RemoteCuts:
    """One server and one token. `timeout_s` is for all calls of one object together. Raises BackendError."""

    def __init__(
        self, url: str, token: str | None, *, ca_file: str | Path | None = None, timeout_s: float = 300.0
    ) -> None:
        # Registering a cut of 100,000 uses takes the server a while, in which it says nothing.
        self._exchange = Exchange(url, token, ca_file=ca_file, timeout_s=timeout_s, read_timeout_s=timeout_s)

    @property
    def address(self) -> str:
        """Whom it asks."""
        return self._exchange.base

    def register(self, request: CheckRequest) -> RegisteredCut:
        """Registers the version of the cut that the question is about. Raises ConflictError when it is another cut.

        Raises RecognitionChanged when the assets changed since the question was made.
        """
        plain = request_to_json(request, question=secrets.token_hex(16))
        return self._one(RegisteredCut, self._write("/v1/cuts", plain))

    def govern(self, identity: str, why: str) -> RegisteredCut:
        """Makes a registered cut (`C-3`) the one to publish for. Raises MissingError."""
        return self._one(
            RegisteredCut, self._write(f"/v1/cuts/{quote(identity, safe='')}/govern", {"why": why})
        )

    def cuts(self, production: str | None = None) -> Iterator[RegisteredCut]:
        """Registered cuts in the order in which they were registered."""
        return self._pages("/v1/cuts", "cuts", RegisteredCut, {"production": production})

    def note(self, publish: Publish, key: str) -> NotedPublish:
        """Notes a publish, once per key and once per publish. Raises BackendError."""
        return self._one(
            NotedPublish, self._exchange.send("POST", "/v1/publishes", _bytes(to_plain(publish)), key).plain
        )

    def publishes(self, cause: Mapping[str, str]) -> Iterator[NotedPublish]:
        """Publishes that rest on the cause: one of licence, performer, suspension, by name. Raises MissingError."""
        return self._pages("/v1/publishes", "publishes", NotedPublish, cause)

    def impact(self, cause: Mapping[str, str]) -> Iterator[Touched]:
        """The shots of registered cuts that rest on the cause. Raises MissingError."""
        return self._pages("/v1/impact", "touched", Touched, cause)

    def _pages(
        self, path: str, name: str, kind: type[Value], query: Mapping[str, str | None]
    ) -> Iterator[Value]:
        asked: dict[str, Any] = {key: value for key, value in query.items() if value is not None}
        seen: set[Any] = set()
        while True:
            plain = self._told(
                lambda: self._exchange.send("GET", f"{path}?{urlencode({**asked, 'limit': _PAGE})}").plain
            )
            rows = plain.get(name) if isinstance(plain, dict) else None
            if not isinstance(rows, list):
                raise self._invalid(WireError(f"no list of {name} in the answer"))
            for row in rows:
                yield self._one(kind, row)
            following = plain.get("next")
            if following is None:
                return
            # A page that does not go on would be asked for again and again.
            if type(following) not in (int, str) or following in seen:
                raise self._invalid(WireError(f"the list of {name} does not go on"))
            seen.add(following)
            asked["after"] = following

    def _write(self, path: str, plain: Any) -> Any:
        key = secrets.token_hex(16)
        return self._told(lambda: self._exchange.send("POST", path, _bytes(plain), key).plain)

    def _told(self, send: Callable[[], Any]) -> Any:
        """What comes back; a refusal of what was asked for as the error of a person, not of the server."""
        try:
            return send()
        except DeclinedError as error:
            raise self._declined(error) from None

    def _declined(self, error: DeclinedError) -> ClearcutError:
        words = self._exchange.shown(error.plain.get("message"))
        remedy = self._exchange.shown(error.plain.get("remedy")) or None
        if error.status == 404 and error.plain.get("code") == "not-found":
            return MissingError(words)
        if error.status == 409 and error.plain.get("code") == "conflict":
            return ConflictError(words, remedy=remedy)
        return error

    def _one(self, kind: type[Value], plain: Any) -> Value:
        try:
            return from_plain(kind, plain)
        except WireError as error:
            raise self._invalid(error) from None

    def _invalid(self, error: WireError) -> BackendError:
        return BackendError(
            f"the clearance server gave no answer to rely on: {error}",
            where=self.address,
            code="backend-invalid-answer",
            remedy="try again, and tell whoever runs the server",
        )


def _bytes(plain: Any) -> bytes:
    return json.dumps(plain, separators=(",", ":")).encode()
