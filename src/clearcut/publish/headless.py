"""A Pyblish publish without a window, with an exit code that tells: for shells, farms and cron.

`pyblish publish` leaves with 0 after a stop and prints errors where JSON should be (facts.md). Here stdout carries
the result alone, and nothing starts unless the gate is there.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from typing import Any, cast

from clearcut.publish.asking import EarlyAnswer
from clearcut.publish.finding import Finding, State
from clearcut.publish.inspection import inspect_plugins
from clearcut.publish.outcome import went_out
from clearcut.publish.stamp import record_of
from clearcut.publish.stop import GateStop
from clearcut.publish.subject import is_published


@dataclass(frozen=True, slots=True)
class Failure:
    """A plug-in that raised, and where; `instance` is "" for one that works on the whole context."""

    plugin: str
    instance: str
    message: str
    codes: tuple[str, ...]
    unknown: bool


@dataclass(frozen=True, slots=True)
class Published:
    """What a publish came to. `published` and `held` are instances by name, in order.

    `notes` are what `Clearance: note` said about publishes that are not noted at the server yet.
    """

    published: tuple[str, ...]
    held: tuple[str, ...]
    failures: tuple[Failure, ...]
    gate: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """0 all of it is out; 1 something is blocked or failed; 3 only because it could not be told."""
        if not self.failures and not self.held and self.published:
            return 0
        if self.failures and not all(failure.unknown for failure in self.failures):
            return 1
        return 3


def publish(data: Mapping[str, Any], targets: list[str] | None = None) -> Published:
    """Publishes with everything that Pyblish discovers; `data` goes into the context first.

    Does not begin when a plug-in of the gate is missing or altered. What plug-ins print goes to stderr.
    """
    steps = stepwise(data, targets)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return cast(Published, end.value)


def stepwise(
    data: Mapping[str, Any], targets: list[str] | None = None
) -> Generator[EarlyAnswer | None, None, Published]:
    """The same, plug-in by plug-in, for a host that must draw in between.

    Yields None after each plug-in, and once, when all is collected, the answer that is being waited for: whoever goes
    on before it is `ready` waits. Until then nothing has been extracted; close it to give up.
    """
    broken = tuple(finding for finding in inspect_plugins() if finding.state is State.BROKEN)
    if broken:
        return Published((), (), (), broken)
    import pyblish.api
    import pyblish.util

    context = pyblish.api.Context()
    context.data.update(data)
    results = pyblish.util.publish_iter(context, targets=targets)
    with _tracebacks_of_others(context):
        while True:
            with redirect_stdout(sys.stderr):
                result = next(results, None)
            if result is None:
                return outcome_of(context)
            yield _early_answer(context) if result["plugin"].__name__ == _LAST_COLLECTOR else None


_LAST_COLLECTOR = "CollectClearcut"


def _early_answer(context: Any) -> EarlyAnswer | None:
    try:
        return EarlyAnswer(context)
    except Exception:  # noqa: BLE001 - `Clearance: ask` meets the same, stops the publish and tells it
        return None


@contextmanager
def _tracebacks_of_others(context: Any) -> Iterator[None]:
    """Keeps Pyblish's tracebacks from stderr, and prints at the end those that are no denials of ours."""
    logger, silence = logging.getLogger("pyblish"), logging.NullHandler()
    logger.addHandler(silence)  # without any handler, logging prints errors by itself
    try:
        yield
    finally:
        logger.removeHandler(silence)
        for result in context.data.get("results") or ():
            if _failed(result) and not isinstance(result["error"], GateStop):
                print(getattr(result["error"], "formatted_traceback", result["error"]), file=sys.stderr)


def outcome_of(context: Any) -> Published:
    """What a publish that has ended came to: what failed or was withdrawn is held."""
    results = context.data.get("results") or ()
    failures = tuple(_failure(result) for result in results if _failed(result))
    record = record_of(context)
    asked = {*record.stamps, *record.stops} if record is not None else set()
    # What a guard withdrew was wanted; what somebody chose to leave out was never asked about.
    wanted = [instance for instance in context if is_published(instance) or str(instance.id) in asked]
    through = {str(instance.id) for instance in went_out(context)}
    out = tuple(str(instance.name) for instance in wanted if str(instance.id) in through)
    held = tuple(str(instance.name) for instance in wanted if str(instance.id) not in through)
    return Published(out, held, failures, notes=tuple(_notes(results)))


def _notes(results: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for result in results:
        if result["plugin"].__name__ == "NoteClearcut":
            yield from (record.getMessage() for record in result.get("records") or ())


def _failed(result: Mapping[str, Any]) -> bool:
    return result["error"] is not None


def _failure(result: Mapping[str, Any]) -> Failure:
    error, instance = result["error"], result["instance"]
    stop = error.stop if isinstance(error, GateStop) else None
    return Failure(
        result["plugin"].__name__,
        "" if instance is None else str(instance.name),
        str(error),
        stop.codes if stop else (),
        stop.unknown if stop else False,
    )


def as_json(result: Published) -> str:
    """`clearcut.publish/1`: what came out, what was held and why."""
    return json.dumps(
        {
            "schema": "clearcut.publish/1",
            "published": result.published,
            "held": result.held,
            "failures": [
                {
                    "plugin": failure.plugin,
                    "instance": failure.instance,
                    "message": failure.message,
                    "codes": failure.codes,
                }
                for failure in result.failures
            ],
            "gate": [finding.message for finding in result.gate],
            "notes": result.notes,
        },
        indent=2,
        ensure_ascii=False,
    )


def last_word(result: Published) -> str:
    """Why the exit code is not 0 and what to do next, in one line."""
    if result.gate:
        return f"nothing was published, for the gate is not there: {result.gate[0].message}; run `clearcut doctor`"
    if result.held:
        return f"not published: {', '.join(result.held)}; the failures above say why and whom to ask"
    if result.failures:
        return f"{result.failures[0].plugin} failed; the failures above say why"
    return "nothing was collected, so nothing was published; look at the collectors"
