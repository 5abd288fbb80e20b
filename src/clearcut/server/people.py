"""Who asks: every route under /v1 needs a token, and each says which permission it needs."""

from __future__ import annotations

from typing import Any

import anyio.to_thread
from litestar.connection import ASGIConnection
from litestar.exceptions import NotAuthorizedException, PermissionDeniedException
from litestar.handlers import BaseRouteHandler
from litestar.middleware import AbstractAuthenticationMiddleware, AuthenticationResult

from clearcut.server.permissions import Permission, may
from clearcut.store.tokens import Holder

Asked = ASGIConnection[Any, Any, Any, Any]
_SCHEME = "bearer "


class TokenMiddleware(AbstractAuthenticationMiddleware):
    """Finds the holder of the token in the Authorization header; nobody else gets further."""

    async def authenticate_request(self, connection: Asked) -> AuthenticationResult:
        """The holder, or 401."""
        header = connection.headers.get("Authorization", "")
        if header[: len(_SCHEME)].lower() != _SCHEME:
            raise NotAuthorizedException("every request needs a token: Authorization: Bearer ...")
        token = header[len(_SCHEME) :].strip()
        desk = connection.app.state.desk
        holder = await anyio.to_thread.run_sync(desk.store.token_holder, token)
        if holder is None:
            raise NotAuthorizedException("the token is unknown, has ended or was revoked")
        return AuthenticationResult(user=holder, auth=None)


async def needs_permission(connection: Asked, handler: BaseRouteHandler) -> None:
    """403 unless the holder's role has the route's permission; a route that names none is closed to all."""
    permission = handler.opt.get("permission")
    holder = connection.user
    if not isinstance(permission, Permission) or not isinstance(holder, Holder):
        raise PermissionDeniedException("nobody may do this")
    if not may(holder.role, permission):
        desk = connection.app.state.desk
        body = {"name": holder.name, "token": holder.id, "route": connection.scope["path"]}
        await anyio.to_thread.run_sync(desk.store.note, holder.name, "refused", body)
        raise PermissionDeniedException(f"the role {holder.role.value} may not {permission.value}")
