"""Whether the gate could get an answer here: rules, backend and token, edit, clock, versions."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import datetime, timezone
from fractions import Fraction
from importlib import metadata

from clearcut import __version__
from clearcut.bootstrap import CheckOptions, Setup, compose
from clearcut.core.request import CheckRequest
from clearcut.core.rules import Policy
from clearcut.core.timing import Timebase
from clearcut.errors import ClearcutError
from clearcut.publish.finding import Finding, broken, holds, note

_MAX_SKEW_S = 300
# No clock that is right shows a moment before this release was made.
_RELEASED = datetime(2026, 11, 1, tzinfo=timezone.utc)
_LIBRARIES = ("pyblish-base", "OpenTimelineIO", "requests")
_OLDEST_PYBLISH = (1, 8, 11)


def inspect_setup(now: datetime | None = None) -> Iterator[Finding]:
    """One finding for each thing the check needs. `now` stands for the machine's clock in tests."""
    now = now or datetime.now(timezone.utc)
    yield from inspect_versions()
    try:
        setup = compose(CheckOptions())
    except ClearcutError as error:
        yield _broken_by("settings", error)
        return
    yield holds("settings", "the rule file and the environment are read without a fault")
    yield inspect_edit(setup)
    yield from inspect_backend(setup, now)
    yield from inspect_outbox()


def inspect_versions() -> Iterator[Finding]:
    """Which versions run here, and whether they are ones the gate was tested with."""
    running = ".".join(str(part) for part in sys.version_info[:3])
    if not (3, 10) <= sys.version_info[:2] <= (3, 13):
        yield broken("versions", f"Python {running} is not one of 3.10 to 3.13", "run in a supported Python")
    found = [f"Clearcut {__version__}", f"Python {running}"]
    for library in _LIBRARIES:
        try:
            found.append(f"{library} {metadata.version(library)}")
        except metadata.PackageNotFoundError:
            found.append(f"{library} of unknown version")
    yield note("versions", ", ".join(found))
    from pyblish import version_info

    if tuple(version_info) < _OLDEST_PYBLISH:
        yield broken("versions", "pyblish-base is older than 1.8.11", "install pyblish-base 1.8.11 or newer")


def inspect_edit(setup: Setup) -> Finding:
    """Whether an edit is named and can be read."""
    try:
        cut = setup.edit.read()
    except ClearcutError as error:
        if error.code == "cut-missing" and not error.where:
            return note(
                "edit",
                "no edit is named here: what publishes must bring it (context.data['otioTimeline'] or "
                "'clearcutEdit'), else every shot that is published is stopped",
            )
        return _broken_by("edit", error)
    return holds("edit", f"{cut.name or cut.path} is read: {len(cut.clips)} clips")


def inspect_backend(setup: Setup, now: datetime) -> Iterator[Finding]:
    """Whether somebody answers for licences, whether the token is good, and whether the clocks agree."""
    if now < _RELEASED:
        yield broken(
            "clock", f"this machine's clock says {now:%Y-%m-%d}", "set the clock", who="administrator"
        )
    try:
        recognition = setup.backend.recognition()
        answer = setup.backend.decide(_empty_request(recognition.revision))
    except ClearcutError as error:
        yield _broken_by("backend", error)
        return
    source = setup.backend.source()
    yield holds("backend", f"{source.kind} {source.name} answers, {len(recognition.replicas)} replicas known")
    skew_s = abs((answer.as_of - now).total_seconds())
    if skew_s <= _MAX_SKEW_S:
        yield holds("clock", f"this machine and the {source.kind} agree on the time")
    else:
        yield broken(
            "clock",
            f"this machine and the {source.kind} are {skew_s:.0f} s apart",
            "set both clocks by the same time server",
            who="administrator",
        )


def inspect_outbox() -> Iterator[Finding]:
    """Whether publishes wait on this machine to be noted at a server."""
    from clearcut.publish.outbox import folder, waiting

    kept = len(waiting(folder()))
    if kept:
        yield note(
            "publishes", f"{kept} published, not noted at the server yet: `clearcut cut note` sends them"
        )


def _empty_request(revision: str) -> CheckRequest:
    """A question about nothing, so that asking it decides nothing."""
    return CheckRequest(None, None, Timebase(Fraction(24)), (), True, None, Policy(), revision)


def _broken_by(topic: str, error: ClearcutError) -> Finding:
    return broken(topic, f"{error} [{error.code}]", error.remedy or "see the message", who=error.who)
