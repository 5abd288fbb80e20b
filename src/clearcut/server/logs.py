"""The server's log on stderr: text or JSON, a line each, with the id of the request it belongs to and without a token.

Whatever is logged, by whom ever, goes through one formatter that takes out what looks like one of our tokens: a
traceback may hold what an argument held.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, Literal

from clearcut.store.tokens import TOKEN_PREFIX

# The id of the request that is being answered, in its task and in the threads that work for it; "" outside of one.
REQUEST_ID: ContextVar[str] = ContextVar("REQUEST_ID", default="")
_TOKEN = re.compile(rf"{TOKEN_PREFIX}[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class LogSettings:
    """`level` is that of our own lines and of uvicorn's; what other libraries say is shown from a warning on."""

    format: Literal["text", "json"] = "text"
    level: Literal["debug", "info", "warning", "error"] = "info"


class TextFormatter(logging.Formatter):
    """Lines for people."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s [%(process)d] %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """The line, its fields behind its message; a traceback goes on in the lines below it."""
        line, below, rest = super().format(record).partition("\n")
        # As JSON values: a name with a line end in it begins no line of its own.
        words = "".join(f" {name}={json.dumps(value)}" for name, value in _fields(record).items())
        return without_tokens(f"{line}{words}{below}{rest}")


class JsonFormatter(logging.Formatter):
    """Lines for machines: one JSON object each, `time` RFC 3339 in UTC."""

    def format(self, record: logging.LogRecord) -> str:
        """The object; a traceback is its `traceback`."""
        moment = datetime.fromtimestamp(record.created, timezone.utc)
        plain: dict[str, Any] = {
            "time": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "process": record.process,
            **_fields(record),
        }
        if record.exc_info:
            plain["traceback"] = self.formatException(record.exc_info)
        return without_tokens(json.dumps(plain, ensure_ascii=False, default=str))


def set_up_logging(settings: LogSettings) -> None:
    """Sends everything that this process logs to stderr."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter() if settings.format == "json" else TextFormatter())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    for ours in ("clearcut", "uvicorn"):
        logging.getLogger(ours).setLevel(settings.level.upper())


def without_tokens(text: str) -> str:
    """The text with each token taken out."""
    return _TOKEN.sub("(token)", text)


def holds_a_token(text: str) -> bool:
    """Whether something in the text looks like one of our tokens."""
    return _TOKEN.search(text) is not None


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    """What was logged beside the message, and the request's id."""
    told = dict(getattr(record, "fields", {}))
    request_id = REQUEST_ID.get()
    return {**told, "request_id": request_id} if request_id else told
