"""What the plug-ins call: collect, ask, validate, guard, release, note. Every way out of here but one is a stop.

Each function takes Pyblish's own objects and raises a GateStop to hinder the publish. An exception of any other
kind becomes one, SystemExit included, which would otherwise take the host with it.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any, TypeVar

from clearcut.errors import CannotTellError
from clearcut.publish.asking import answer_for
from clearcut.publish.stamp import GateRecord, record_of, stamp_fault, stamp_went_stale
from clearcut.publish.stop import GateStop, Stop, publish_error
from clearcut.publish.subject import named_cut, published, see, subject_of
from clearcut.publish.waiting import LIMIT_S, elsewhere
from clearcut.publish.wording import said_above, several, stop_in_words, stop_of_error

# Longer between asking and extracting, and a licence may have been revoked meanwhile: pyblish-lite keeps a
# validated publish open for days.
_MAX_AGE_S = 3600.0
_COLLECTED_BEFORE = 0.5

_Function = TypeVar("_Function", bound=Callable[..., None])


def _stops(function: _Function) -> _Function:
    """Turns whatever is raised into a stop: this is the entry point, and an error never clears."""

    @functools.wraps(function)
    def call(subject: Any, *rest: Any, **options: Any) -> None:
        try:
            function(subject, *rest, **options)
        except GateStop:
            raise
        except (KeyboardInterrupt, GeneratorExit):
            raise  # the publish as a whole is being taken down
        except BaseException as error:
            raise publish_error(stop_of_error(_name_of(subject), error)) from error

    return call  # type: ignore[return-value] # the same signature, spelled with Any


@_stops
def collect(context: Any) -> None:
    """Takes away whatever lies where the verdict goes."""
    context.data.pop("clearcut", None)


@_stops
def ask(context: Any) -> None:
    """Asks once for every instance that is published and leaves a `GateRecord`; stops when that is not possible."""
    context.data.pop("clearcut", None)
    failed = failed_collectors(context)
    if failed:
        raise publish_error(_collectors_failed(failed))
    context.data["clearcut"] = answer_for(context)


@_stops
def validate(instance: Any) -> None:
    """Stops unless the instance bears a stamp of its own."""
    stop = _why_not(instance, instance.context)
    if stop is not None:
        raise publish_error(stop)


@_stops
def guard(context: Any) -> None:
    """Stops when something that is published bears no stamp of its own: the last word before extraction."""
    refused = [(i, stop) for i in published(context) if (stop := _why_not(i, context)) is not None]
    if refused:
        told = _told_by_validator(context)
        new = tuple(stop for instance, stop in refused if str(instance.id) not in told)
        if new:
            raise publish_error(several(new))
        names = tuple(_name_of(instance) for instance, _ in refused)
        raise publish_error(said_above(names, unknown=all(stop.unknown for _, stop in refused)))


def _told_by_validator(context: Any) -> set[str]:
    """The ids of the instances for which our validator has raised."""
    return {
        str(result["instance"].id)
        for result in context.data.get("results") or ()
        if isinstance(result["error"], GateStop) and result["instance"] is not None
    }


@_stops
def release(context: Any, held: Iterable[tuple[Any, Any]], *, fresh: bool = False) -> None:
    """Gives back to the publish those of the withdrawn instances whose stamps hold, and stops for the others.

    `held` are instances with what their `publish` was. With `fresh`, nothing may have changed since it was asked.
    """
    stops = []
    wanted = [(instance, was) for instance, was in held if was is not False]
    states = _states_now(instance for instance, _ in wanted) if fresh else None
    for instance, was in wanted:
        stop = _why_not(instance, context, states)
        if stop is None:
            instance.data["publish"] = was
        else:
            stops.append(stop)
    if stops:
        raise publish_error(several(tuple(stops)))


def note(context: Any) -> tuple[str, ...]:
    """Notes at the server what was published; gives sentences about what could not be noted yet.

    The publish has happened: a GateStop here says only that it could not even be kept to be noted later.
    """
    try:
        from clearcut.publish.noting import note_publishes

        return note_publishes(context)
    except (GateStop, KeyboardInterrupt, GeneratorExit):
        raise
    except BaseException as error:
        message = (
            f"What was published could not be noted at the clearance server ({type(error).__name__}: {error}): a "
            "later revocation will not find it.\nAsk pipeline TD: report the traceback in the log. "
            "[evaluation-error]"
        )
        raise publish_error(Stop("Clearance: note", message, ("evaluation-error",), unknown=True)) from error


def _states_now(instances: Iterable[Any]) -> dict[str, str]:
    """The states of the scenes that the instances are published from, by name; what cannot be told is left out."""
    scenes = {}
    for instance in instances:
        with suppress(CannotTellError):  # told by `_why_not`, for this instance alone
            scene = see(instance).scene
            if scene is not None:
                scenes[scene.name] = scene
    looks = {name: scene.look() for name, scene in scenes.items()}
    limit_s = LIMIT_S + sum(scene.limit_s for scene in scenes.values())
    return elsewhere(lambda: {name: look() for name, look in looks.items()}, limit_s) if looks else {}


def failed_collectors(context: Any) -> tuple[str, ...]:
    """The collectors whose last run raised, by name: what they would have collected may be missing."""
    last: dict[tuple[str, str], bool] = {}
    for result in context.data.get("results") or ():
        plugin = result["plugin"]
        if plugin.order < _COLLECTED_BEFORE and not result.get("action"):
            instance = result.get("instance")
            last[plugin.__name__, "" if instance is None else str(instance.id)] = result["error"] is not None
    return tuple(sorted({name for (name, _), raised in last.items() if raised}))


def _why_not(instance: Any, context: Any, states: Mapping[str, str] | None = None) -> Stop | None:
    """Why this instance may not be published; None only for a stamp that holds.

    With `states` of the scenes by name, now, nothing may have changed since it was asked.
    """
    name = _name_of(instance)
    record = record_of(context)
    if record is None:
        return _unlooked(name, "nobody could be asked for clearance: see what `Clearance: ask` says")
    if not named_cut(context).same_as(record.terms.cut):
        return _unlooked(name, "clearance was asked for another cut than the context names now")
    stop = record.stops.get(str(instance.id))
    if stop is not None:
        return stop
    subject = subject_of(see(instance), record.terms.naming)
    stamp = record.stamps.get(subject.instance)
    fault = stamp_fault(stamp, record.terms, subject)
    if not fault and states is not None and stamp is not None:
        fault = stamp_went_stale(stamp, record.terms, subject, states) or _too_old(record)
    return _unlooked(name, fault) if fault else None


def _too_old(record: GateRecord) -> str:
    age_s = time.monotonic() - record.terms.asked_at_s
    # Written so that nonsense fails it.
    return "" if 0 <= age_s <= _MAX_AGE_S else "clearance was asked for more than an hour ago"


def _unlooked(name: str, why: str) -> Stop:
    return stop_in_words(
        name,
        why,
        code="evaluation-error",
        who="pipeline TD",
        remedy="reset and validate again; if it comes back, run `clearcut doctor`",
    )


def _collectors_failed(names: tuple[str, ...]) -> Stop:
    return stop_in_words(
        "This publish",
        f"{', '.join(names)} failed while collecting, so what is published may be something else than it seems",
        code="evaluation-error",
        who="pipeline TD",
        remedy="mend what the collector says, then reset and publish again",
    )


def _name_of(subject: Any) -> str:
    """What people call it; a context is the publish as a whole. Never raises."""
    try:
        if hasattr(subject, "create_instance"):
            return "This publish"
        return str(subject.data.get("name") or subject.name)
    except Exception:  # noqa: BLE001 - used while another error is being told
        return "This publish"
