"""Who answers a request: the clearance server over HTTP, or a registry in this process.

Both implement `check.Backend`. Neither ever answers in place of somebody who did not: that is a BackendError.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clearcut.backend.opening import open_registry, opened_registry
from clearcut.backend.registry import RegistryBackend

if TYPE_CHECKING:
    from clearcut.backend.cuts import RemoteCuts
    from clearcut.backend.http import HttpBackend, RemoteRegistry

__all__ = [
    "HttpBackend",
    "RegistryBackend",
    "RemoteCuts",
    "RemoteRegistry",
    "open_registry",
    "opened_registry",
]


def __getattr__(name: str) -> Any:
    # requests takes longer to import than a small cut takes to judge: only who asks over HTTP pays for it.
    if name in {"HttpBackend", "RemoteRegistry"}:
        from clearcut.backend import http

        return getattr(http, name)
    if name == "RemoteCuts":
        from clearcut.backend.cuts import RemoteCuts

        return RemoteCuts
    raise AttributeError(name)
