"""What every client of the server's lists and writes shares: values out of answers, pages, refusals as people's errors."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode

from clearcut.backend.exchange import DeclinedError, Exchange, invalid_answer
from clearcut.core.codec import WireError, from_plain
from clearcut.errors import ClearcutError, ConflictError, MissingError, UsageError

Value = TypeVar("Value")
_PAGE = 1000


class Remote:
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

    def write(self, kind: type[Value], path: str, plain: Any, key: str | None = None) -> Value:
        """What a write comes to; sent as often as it takes, done once. `key` where a caller keeps one of its own."""
        body = json.dumps(plain, separators=(",", ":")).encode()
        once = key or secrets.token_hex(16)
        return self.value(kind, self._told(lambda: self._exchange.send("POST", path, body, once).plain))

    def read(self, kind: type[Value], path: str) -> Value:
        """One value. Raises MissingError."""
        return self.value(kind, self._told(lambda: self._exchange.send("GET", path).plain))

    def pages(
        self, kind: type[Value], path: str, name: str, query: Mapping[str, str | None]
    ) -> Iterator[Value]:
        """The rows of a list, all its pages."""
        asked: dict[str, Any] = {key: value for key, value in query.items() if value is not None}
        seen: set[Any] = set()
        while True:
            place = f"{path}?{urlencode({**asked, 'limit': _PAGE})}"
            plain = self._told(lambda place=place: self._exchange.send("GET", place).plain)  # type: ignore[misc]
            rows = plain.get(name) if isinstance(plain, dict) else None
            if not isinstance(rows, list):
                raise invalid_answer(self.address, WireError(f"no list of {name} in the answer"))
            for row in rows:
                yield self.value(kind, row)
            following = plain.get("next")
            if following is None:
                return
            # A page that does not go on would be asked for again and again.
            if type(following) not in (int, str) or following in seen:
                raise invalid_answer(self.address, WireError(f"the list of {name} does not go on"))
            seen.add(following)
            asked["after"] = following

    def value(self, kind: type[Value], plain: Any) -> Value:
        """The value that an answer holds."""
        try:
            return from_plain(kind, plain)
        except WireError as error:
            raise invalid_answer(self.address, error) from None

    def _told(self, send: Callable[[], Any]) -> Any:
        """What comes back; a refusal of what was asked for as the error of a person, not of the server."""
        try:
            return send()
        except DeclinedError as error:
            raise self._declined(error) from None

    def _declined(self, error: DeclinedError) -> ClearcutError:
        words = self._exchange.shown(error.plain.get("message"))
        remedy = self._exchange.shown(error.plain.get("remedy")) or None
        said = error.status, error.plain.get("code")
        if said == (404, "not-found"):
            return MissingError(words)
        if said == (409, "conflict"):
            return ConflictError(words, remedy=remedy)
        return UsageError(words, remedy=remedy) if said == (400, "bad-request") else error
