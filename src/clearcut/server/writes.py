"""What every route that writes shares: a body read strictly, an idempotency key, one transaction, a logged refusal."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, TypeVar

import anyio.to_thread
import msgspec
from litestar import Request, Response
from litestar.datastructures import State
from sqlalchemy import Connection

from clearcut.core.codec import WireError, strict_loads
from clearcut.errors import NotAllowedError
from clearcut.store.once import Done, Once
from clearcut.store.store import Store
from clearcut.store.tokens import Holder

Asked = Request[Any, Any, State]
Shape = TypeVar("Shape")
Work = Callable[[Connection, datetime], Done]

# Printable, on one line: such texts are shown in lists, and PostgreSQL stores no NUL. For Python `$` also stands
# before a line's end at the end of the text: what comes after it says that there is none.
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=300, pattern=r"^[^\x00-\x1f\x7f]*$(?!\n)")]
Why = Annotated[str, msgspec.Meta(min_length=1, max_length=1000, pattern=r"^[^\x00-\x1f\x7f]*$(?!\n)")]
# Which revision was looked at; far beyond it, databases' integers end.
Revision = Annotated[int, msgspec.Meta(ge=0, le=999_999_999)]
# Lines and tabs are allowed: this is written by people to people.
Words = Annotated[str, msgspec.Meta(max_length=4000, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$")]


def read_body(body: bytes, shape: type[Shape]) -> Shape:
    """The body as a value of that shape: unknown and doubled keys, NaN and half characters are a WireError."""
    plain = strict_loads(body)
    try:
        json.dumps(plain, ensure_ascii=False).encode()
        return msgspec.convert(plain, shape)
    except UnicodeEncodeError:
        raise WireError("half a character (a lone surrogate)") from None
    except (msgspec.ValidationError, RecursionError) as error:
        raise WireError(str(error)) from None


async def write(request: Asked, work: Callable[[bytes, Holder], Work]) -> Response[bytes]:
    """Runs what `work` makes of the body and the holder, in one transaction, once per idempotency key."""
    body, holder, store = await request.body(), request.user, request.app.state.desk.store
    once = _once(request, body, holder)
    done = await anyio.to_thread.run_sync(_in_transaction, store, work, body, holder, once)
    return Response(done.body.encode(), status_code=done.status, media_type="application/json")


def _in_transaction(
    store: Store, work: Callable[[bytes, Holder], Work], body: bytes, holder: Holder, once: Once | None
) -> Done:
    try:
        return store.change(work(body, holder), once, holder)
    except NotAllowedError as error:
        # Its transaction is gone, and a refusal is in the record whatever happened to it.
        told = {"name": holder.name, "token": holder.id, "why": error.message}
        store.note(holder.name, "refused", told)
        raise


def _once(request: Asked, body: bytes, holder: Holder) -> Once | None:
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if not 0 < len(key) <= 200 or not all("!" <= letter <= "~" for letter in key):
        raise WireError("an Idempotency-Key is 1 to 200 visible ASCII letters")
    asked = (request.method, str(request.url.path), str(request.url.query), request.headers.get("If-Match"))
    digest = hashlib.sha256(json.dumps(asked).encode() + b"\n" + body).hexdigest()
    return Once(holder.id, key, digest)


def done(status: int, plain: Any) -> Done:
    """An answer of plain JSON values."""
    return Done(status, json.dumps(plain, ensure_ascii=False, separators=(",", ":")))
