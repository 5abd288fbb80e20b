"""The clearance server: HTTP around the store and the same `evaluate` that a client calls in its own process."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from litestar import Litestar

    from clearcut.server.desk import Desk

__all__ = ["create_app"]


def create_app(desk: Desk, metrics_folder: str | None = None) -> Litestar:
    """The ASGI application over a desk; imported only when it is made, because Litestar takes its time."""
    from clearcut.server.app import create_app as create

    return create(desk, metrics_folder)
