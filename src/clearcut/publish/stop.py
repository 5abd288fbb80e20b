"""The error that stops a publish, in the shape that the window in front of the artist shows.

AYON, QuadPype and OpenPype show a `PublishValidationError` of their own as a page with title and text, and
anything else as a crash. Theirs is found in `sys.modules` when it is needed: importing a host is not our business.
pyblish-lite and -qml show `str(error)` alone, so that text is complete.
"""

from __future__ import annotations

import contextlib
import sys
from dataclasses import dataclass

_HOST_MODULES = (
    "ayon_core.pipeline.publish",
    "ayon_core.pipeline",
    "quadpype.pipeline.publish",
    "quadpype.pipeline",
    "openpype.pipeline.publish",
    "openpype.pipeline",
)


@dataclass(frozen=True, slots=True)
class Stop:
    """Why something may not be published. `message` is complete by itself: shot, why, who, how.

    `codes` are the reason codes behind it, worst first; `unknown` is True when we could not find out.
    """

    title: str
    message: str
    codes: tuple[str, ...]
    unknown: bool


class GateStop(Exception):  # noqa: N818 - a denial is not an error of the program
    """Stops a publish. `stop` says why."""

    stop: Stop

    def __init__(self, stop: Stop) -> None:
        super().__init__(stop.message)  # the host's class, where there is one
        self.stop = stop
        # What AYON's page reads, also where its class was not found.
        self.message = stop.message
        self.title = stop.title
        self.description = _as_markdown(stop)
        self.detail = ", ".join(stop.codes)

    def __str__(self) -> str:
        return self.stop.message

    def __reduce__(self) -> tuple[type[GateStop], tuple[Stop]]:
        """Sent to another process it arrives as ours: the host's class may not be there."""
        return GateStop, (self.stop,)

    def __bool__(self) -> bool:
        """Always True: Pyblish takes an error that is false for a success."""
        return True


def publish_error(stop: Stop) -> GateStop:
    """The exception to raise: also a `PublishValidationError` of the host, where one is loaded."""
    for name in _HOST_MODULES:
        base = getattr(sys.modules.get(name), "PublishValidationError", None)
        if isinstance(base, type) and issubclass(base, Exception):
            # A host's class of another shape must not take the stop with it.
            with contextlib.suppress(Exception):
                error: GateStop = type("ClearcutPublishError", (GateStop, base), {})(stop)
                return error
    return GateStop(stop)


def _as_markdown(stop: Stop) -> str:
    return "\n\n".join(stop.message.splitlines())
