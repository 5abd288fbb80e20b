"""Who asks: every route under /v1 needs a token, and each says which permission it needs."""

from __future__ import annotations

from typing import Any

import anyio.to_thread
from litestar.connection import ASGIConnection
from litestar.exceptions import NotAuthorizedException, PermissionDeniedException
from litestar.handlers import BaseRouteHandler
from litestar.middleware import AbstractAuthenticationMiddleware, AuthenticationResult

from clearcut.server.permissions import Permission, may
from clearcut.store.tokens import Holder, TokenEntry

Asked = ASGIConnection[Any, Any, Any, Any]
_SCHEME = "bearer "
_LONGEST_PATH = 300


class TokenMiddleware(AbstractAuthenticationMiddleware):
    """Finds the holder of the token in the Authorization header; nobody else gets further."""

    async def authenticate_request(self, connection: Asked) -> AuthenticationResult:
        """The holder, or 401, which the record tells of."""
        header = connection.headers.get("Authorization", "")
        if header[: len(_SCHEME)].lower() != _SCHEME:
            await _refused(connection, None, "no token")
            raise NotAuthorizedException("every request needs a token: Authorization: Bearer ...")
        token = header[len(_SCHEME) :].strip()
        store = connection.app.state.desk.store
        holder = await anyio.to_thread.run_sync(store.token_holder, token)
        if holder is None:
            known = await anyio.to_thread.run_sync(store.token_entry, token)
            await _refused(connection, known, _why(known))
            raise NotAuthorizedException("the token is unknown, has ended or was revoked")
        return AuthenticationResult(user=holder, auth=None)


async def needs_permission(connection: Asked, handler: BaseRouteHandler) -> None:
    """403 unless the holder's role has the route's permission; a route that names none is closed to all."""
    if connection.scope.get("method") == "OPTIONS":
        return  # Litestar asks nobody for a token then; which methods a path has is on the OpenAPI page
    permission = handler.opt.get("permission")
    holder = connection.user
    if not isinstance(permission, Permission) or not isinstance(holder, Holder):
        raise PermissionDeniedException("nobody may do this")
    if not may(holder.role, permission):
        await _refused(connection, holder, f"the role {holder.role.value} may not {permission.value}")
        raise PermissionDeniedException(f"the role {holder.role.value} may not {permission.value}")


async def _refused(connection: Asked, who: Holder | TokenEntry | None, why: str) -> None:
    """Tells the record; when it cannot be told, the answer is another refusal."""
    name = "nobody" if who is None else who.name
    body = {
        "name": name,
        "token": None if who is None else who.id,
        "route": connection.scope["path"][:_LONGEST_PATH],
        "why": why,
    }
    await anyio.to_thread.run_sync(connection.app.state.desk.store.note, name, "refused", body)


def _why(known: TokenEntry | None) -> str:
    if known is None:
        return "an unknown token"
    return "a revoked token" if known.revoked_at is not None else "a token that has ended"
