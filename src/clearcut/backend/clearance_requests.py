"""The server's clearance requests, for whoever asks for them, answers them or takes one back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import quote

from clearcut.backend.remote import Remote
from clearcut.core.clearance_request import ClearanceRequest


class RemoteRequests(Remote):
    """Clearance requests of one server."""

    def ask(
        self, production: str, shot: str, replica: str, codes: Sequence[str], message: str
    ) -> ClearanceRequest:
        """Asks for what a stopped use needs; the open request that is there already when the same was asked before."""
        asked = {"production": production, "shot": shot, "replica": replica}
        return self.write(
            ClearanceRequest, "/v1/requests", {**asked, "codes": sorted(set(codes)), "message": message}
        )

    def listed(
        self, state: str | None = None, production: str | None = None, shot: str | None = None
    ) -> Iterator[ClearanceRequest]:
        """Requests in the order in which they were made; None means any."""
        query = {"state": state, "production": production, "shot": shot}
        return self.pages(ClearanceRequest, "/v1/requests", "requests", query)

    def one(self, identity: str) -> ClearanceRequest:
        """The request of that id. Raises MissingError."""
        return self.read(ClearanceRequest, _place(identity))

    def grant(self, seen: ClearanceRequest, licence: str) -> ClearanceRequest:
        """Answers with a licence of the registry. Raises ConflictError when somebody else answered since."""
        answer = {"revision": seen.revision, "licence": licence}
        return self.write(ClearanceRequest, f"{_place(seen.id)}/answer", answer)

    def refuse(self, seen: ClearanceRequest, words: str) -> ClearanceRequest:
        """Answers with a refusal in words. Raises ConflictError when somebody else answered since."""
        answer = {"revision": seen.revision, "refusal": words}
        return self.write(ClearanceRequest, f"{_place(seen.id)}/answer", answer)

    def withdraw(self, seen: ClearanceRequest) -> ClearanceRequest:
        """Takes it back. Raises ConflictError when it was answered since."""
        return self.write(ClearanceRequest, f"{_place(seen.id)}/withdraw", {"revision": seen.revision})


def _place(identity: str) -> str:
    return f"/v1/requests/{quote(identity, safe='')}"
