"""The clearance server's client: implements `check.Backend` over HTTP, and moves whole registries."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from clearcut.backend.exchange import MAX_ANSWER_BYTES, DeclinedError, Exchange, Sleep, invalid_answer
from clearcut.core.clearance_request import ClearanceRequest
from clearcut.core.codec import WireError, format_moment, from_plain
from clearcut.core.registry import Recognition, Registry
from clearcut.core.registry_json import parse_registry, registry_to_json
from clearcut.core.request import CheckAnswer, CheckRequest
from clearcut.core.verdict import AnswerSource
from clearcut.core.wire import answer_from_json, recognition_from_json, request_to_json
from clearcut.errors import BackendError, ConflictError, RegistryError

# As many as a person reads; the server's message says how many there are.
_MAX_CONFLICTS = 50


class HttpBackend:
    """Asks the server. One object is for one check: `timeout_s` is for all its calls and retries together.

    A token that cannot be one and an address that cannot be one are BackendErrors of every call, so that a check
    ends in `unknown` and not in a traceback.
    """

    def __init__(
        self,
        url: str,
        token: str | None,
        *,
        ca_file: str | Path | None = None,
        timeout_s: float = 30.0,
        max_bytes: int = MAX_ANSWER_BYTES,
        sleep: Sleep = time.sleep,
    ) -> None:
        self._exchange: Exchange | BackendError
        try:
            self._exchange = Exchange(
                url, token, ca_file=ca_file, timeout_s=timeout_s, max_bytes=max_bytes, sleep=sleep
            )
            name = self._exchange.base
        except BackendError as error:
            self._exchange, name = error, "no usable address"
        self._source = AnswerSource("server", name)

    def recognition(self) -> Recognition:
        """What is needed to recognise replicas, as the server knows it now."""
        plain = self._send("GET", "/v1/recognition")
        try:
            return recognition_from_json(plain)
        except WireError as error:
            raise invalid_answer(self._source.name, error) from None

    def decide(self, request: CheckRequest) -> CheckAnswer:
        """One decision per use, or BackendError; RecognitionChanged when the assets changed meanwhile."""
        question = secrets.token_hex(16)
        body = json.dumps(request_to_json(request, question=question), separators=(",", ":")).encode()
        plain = self._send("POST", "/v1/check", body)
        try:
            return answer_from_json(plain, request, question=question)
        except WireError as error:
            raise invalid_answer(self._source.name, error) from None

    def source(self) -> AnswerSource:
        """The server's address."""
        return self._source

    def request_clearance(
        self, *, production: str, shot: str, replica: str, codes: Sequence[str], message: str = ""
    ) -> ClearanceRequest:
        """Asks clearance staff for what a stopped use needs; `codes` are those of the reasons that stopped it.

        Gives the open request that is there already when the same was asked before. Raises BackendError.
        """
        asked = {
            "production": production,
            "shot": shot,
            "replica": replica,
            "codes": sorted(set(codes)),
            "message": message,
        }
        return self._request(
            self._send("POST", "/v1/requests", json.dumps(asked).encode(), secrets.token_hex(16))
        )

    def _request(self, plain: Any) -> ClearanceRequest:
        try:
            return from_plain(ClearanceRequest, plain)
        except WireError as error:
            raise invalid_answer(self._source.name, error) from None

    def _send(self, method: str, path: str, body: bytes | None = None, key: str | None = None) -> Any:
        if isinstance(self._exchange, BackendError):
            raise self._exchange
        return self._exchange.send(method, path, body, key).plain


class RemoteRegistry:
    """The server's whole registry, for officers and admins. Raises BackendError as HttpBackend does."""

    def __init__(self, url: str, token: str | None, *, ca_file: str | Path | None = None) -> None:
        # Reading and storing 100,000 licences takes the server a while, in which it says nothing.
        self._exchange = Exchange(url, token, ca_file=ca_file, timeout_s=600, read_timeout_s=300)

    def export_registry(self) -> Registry:
        """Every record as it stands now."""
        return self.export_revision()[1]

    def export_revision(self, as_of: datetime | None = None) -> tuple[int | None, Registry]:
        """The revision, None when the server does not say it, and every record as it stands, or stood at a moment."""
        query = "" if as_of is None else f"?{urlencode({'as_of': format_moment(as_of)})}"
        reply = self._exchange.send("GET", f"/v1/registry{query}")
        try:
            return reply.revision, parse_registry(json.dumps(reply.plain), where=self._exchange.base)
        except RegistryError as error:
            raise invalid_answer(self._exchange.base, error) from None

    def import_registry(self, registry: Registry, *, why: str, base: int | None = None) -> int:
        """Makes the server's registry this one and returns its revision.

        With `base`, the revision it was made from, it is a ConflictError when another was made since; without, when
        it would take back what was decided. After a BackendError for a lost answer it can be sent again: the same
        registry makes no second revision.
        """
        body = json.dumps({"why": why, "base": base, "registry": registry_to_json(registry)}).encode()
        try:
            # Without a key a retry after a lost answer would find its own change, and take it for somebody else's.
            plain = self._exchange.send("PUT", "/v1/registry", body, secrets.token_hex(16)).plain
        except DeclinedError as error:
            raise self._conflict(error) or error from None
        revision = plain.get("revision") if isinstance(plain, dict) else None
        if type(revision) is not int:
            raise invalid_answer(self._exchange.base, WireError("no revision in the answer"))
        return revision

    def _conflict(self, error: DeclinedError) -> ConflictError | None:
        if error.status != 409 or error.plain.get("code") != "conflict":
            return None
        told, shown = error.plain.get("conflicts"), self._exchange.shown
        return ConflictError(
            shown(error.plain.get("message")) or "the registry is not what the change was made for",
            tuple(map(shown, told[:_MAX_CONFLICTS])) if isinstance(told, list) else (),
            remedy=shown(error.plain.get("remedy")) or None,
        )
