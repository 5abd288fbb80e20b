"""After a publish: what went out is noted at the server that judged it, so that a later revocation finds it.

Nothing here can stop or un-stop anything: the publish has happened. What cannot be noted now lies on disk and is
sent with the next publish, or by `clearcut cut note`; what cannot even be kept is an error that people see.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from clearcut.bootstrap import CheckOptions, Server, choose_server
from clearcut.core.registered import Publish, PublishedUse
from clearcut.core.verdict import UseVerdict, Verdict
from clearcut.errors import BackendError, CannotTellError, ClearcutError
from clearcut.publish.outbox import ToNote, folder, keep, send, waiting
from clearcut.publish.outcome import went_out
from clearcut.publish.stamp import GateRecord, record_of, stamp_fault
from clearcut.publish.stop import Stop, publish_error
from clearcut.publish.subject import see, subject_of
from clearcut.publish.waiting import elsewhere

# A publish has ended, and nobody waits longer than this for a note about it.
_TIMEOUT_S = 10.0

Servers = Callable[[CheckOptions], "Server | None"]


def note_publishes(context: Any, servers: Servers = choose_server) -> tuple[str, ...]:
    """Notes what of the context went out; gives sentences about what could not be noted, none when all is well.

    Raises a GateStop when something is neither noted nor kept, and when something went out that nobody had looked
    at: too late to stop it, and the guards before should have.
    """
    record, out = record_of(context), went_out(context)
    looked = [] if record is None else [instance for instance in out if _holds(record, instance)]
    told = () if record is None else _note(record, looked, servers)
    known = {str(instance.id) for instance in looked}  # Pyblish compares instances by their names, one by one
    unlooked = [str(instance.name) for instance in out if str(instance.id) not in known]
    if unlooked:
        raise publish_error(_never_looked_at(", ".join(unlooked)))
    return told


def _note(record: GateRecord, out: list[Any], servers: Servers) -> tuple[str, ...]:
    judged = [(one, *record.judged[str(one.id)]) for one in out if str(one.id) in record.judged]
    asked = [one for one in judged if one[1].source.kind == "server"]
    unnamed = tuple(str(instance.name) for instance, verdict, _ in asked if not verdict.edit.production)
    new = [
        keep(publish_of(verdict, shot, instance.data.get("version")), verdict.source.name, folder())
        for instance, verdict, shot in asked
        if verdict.edit.production
    ]
    return (*([_unnamed(unnamed)] if unnamed else ()), *_send(record, new, servers))


def publish_of(verdict: Verdict, shot: str, version: object) -> Publish:
    """What was published of a shot. `version` is the host's own (text, or a number for `v007`), else the cut's."""
    found = [one for one in verdict.shots if one.name == shot]
    uses = [use for one in found for use in one.uses]
    return Publish(
        verdict.edit.production or "",
        shot,
        _version(version) or next((use.use.version for use in uses if use.use.version), None),
        verdict.edit.version,
        tuple(_used(use, verdict) for use in uses if use.use.replica),
    )


def _holds(record: GateRecord, instance: Any) -> bool:
    try:
        subject = subject_of(see(instance), record.terms.naming)
    except CannotTellError:
        return False
    return not stamp_fault(record.stamps.get(subject.instance), record.terms, subject)


def _send(record: GateRecord, new: list[ToNote], servers: Servers) -> tuple[str, ...]:
    if not new:
        return ()
    from clearcut.backend.cuts import RemoteCuts  # here, because requests takes long to import

    try:
        server = servers(CheckOptions(edit=record.terms.cut.path))
    except ClearcutError as error:
        return _left(tuple(new), str(error))
    if server is None or server.url.rstrip("/") != new[0].server:
        return _left(tuple(new), f"{new[0].server} judged it, and the settings name another backend by now")
    kept = {one.key for one in new}
    notes = (*new, *(one for one in waiting(folder()) if one.key not in kept))
    try:
        client = RemoteCuts(server.url, server.token, ca_file=server.ca_file, timeout_s=_TIMEOUT_S)
        sent = elsewhere(lambda: send(notes, client))
    except BackendError as error:
        return _left(tuple(new), str(error))
    return _left(sent.left, sent.why) if sent.left else ()


def _left(left: tuple[ToNote, ...], why: str) -> tuple[str, ...]:
    lost = tuple(one.publish.shot for one in left if one.file is None)
    if lost:
        shots = ", ".join(lost)
        message = (
            f"{shots}: published, and noted neither at the clearance server nor on this machine ({why}): a later "
            "revocation will not find it.\nAsk render wrangler: tell clearance that it was published. "
            "[backend-unavailable]"
        )
        raise publish_error(Stop(f"Clearance: {shots}", message, ("backend-unavailable",), unknown=True))
    shots = ", ".join(one.publish.shot for one in left)
    told = (
        f"{shots}: published, and not noted at the clearance server yet ({why}). It is kept on this machine and sent "
        "with the next publish; `clearcut cut note` sends it now"
    )
    return (told,)


def _unnamed(names: tuple[str, ...]) -> str:
    return (
        f"{', '.join(names)}: published, and not noted at the clearance server, because neither the edit nor the rule "
        "file names a production"
    )


def _never_looked_at(names: str) -> Stop:
    message = (
        f"{names}: published, and nobody had looked at it: the gate's guards did not run.\n"
        "Ask pipeline TD: take it back until it is checked, and run `clearcut doctor`. [evaluation-error]"
    )
    return Stop(f"Clearance: {names}", message, ("evaluation-error",), unknown=True)


def _version(said: object) -> str | None:
    if type(said) is int:
        return f"v{said:03d}"
    return said.strip() or None if isinstance(said, str) else None


def _used(one: UseVerdict, verdict: Verdict) -> PublishedUse:
    timebase = verdict.edit.timebase
    ranges = () if timebase is None else timebase.frame_ranges(one.use.screen)
    return PublishedUse(one.use.replica, sum(r.end - r.first for r in ranges), one.decision.licences)
