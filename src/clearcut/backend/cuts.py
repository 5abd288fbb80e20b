"""The server's registered cuts and noted publishes, for whoever registers, notes or asks what a change touches."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from urllib.parse import quote

from clearcut.backend.remote import Remote
from clearcut.core.codec import to_plain
from clearcut.core.registered import NotedPublish, Publish, RegisteredCut, Touched
from clearcut.core.request import CheckRequest
from clearcut.core.wire import request_to_json


class RemoteCuts(Remote):
    """Cuts and publishes of one server."""

    def register(self, request: CheckRequest) -> RegisteredCut:
        """Registers the version of the cut that the question is about. Raises ConflictError when it is another cut.

        Raises RecognitionChanged when the assets changed since the question was made.
        """
        return self.write(RegisteredCut, "/v1/cuts", request_to_json(request, question=secrets.token_hex(16)))

    def govern(self, identity: str, why: str) -> RegisteredCut:
        """Makes a registered cut (`C-3`) the one to publish for. Raises MissingError."""
        return self.write(RegisteredCut, f"/v1/cuts/{quote(identity, safe='')}/govern", {"why": why})

    def cuts(self, production: str | None = None) -> Iterator[RegisteredCut]:
        """Registered cuts in the order in which they were registered."""
        return self.pages(RegisteredCut, "/v1/cuts", "cuts", {"production": production})

    def note(self, publish: Publish, key: str) -> NotedPublish:
        """Notes a publish, once per key and once per publish."""
        return self.write(NotedPublish, "/v1/publishes", to_plain(publish), key)

    def publishes(self, cause: Mapping[str, str]) -> Iterator[NotedPublish]:
        """Publishes that rest on the cause: one of licence, performer, suspension, by name. Raises MissingError."""
        return self.pages(NotedPublish, "/v1/publishes", "publishes", cause)

    def impact(self, cause: Mapping[str, str]) -> Iterator[Touched]:
        """The shots of registered cuts that rest on the cause. Raises MissingError."""
        return self.pages(Touched, "/v1/impact", "touched", cause)
