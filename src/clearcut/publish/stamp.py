"""Stamps: what says that an instance was looked at and may be published, and that notices when it is not its own.

A stamp is sealed with a key that lives in this process only, over everything it speaks of: the context and its
cut, the instance, its shot, its scene. Copied to another instance, altered, or written by hand it does not hold.
Code in the same process can still call what makes stamps: tamper-evident at best.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from clearcut.core.rules import ShotNaming
from clearcut.core.verdict import EditFacts, Outcome, Reason, ShotVerdict, Verdict
from clearcut.publish.scenes import file_state
from clearcut.publish.stop import Stop
from clearcut.publish.subject import NamedCut, Subject

_KEY = secrets.token_bytes(32)


@dataclass(frozen=True, slots=True)
class Terms:
    """What was asked, once for a whole context, and by which rules.

    `cut` is what the context named, `cut_file` the file that was read in the end (None for a live timeline) and
    `cut_state` its state then. `asked_at_s` is of the monotonic clock.
    """

    context: str
    cut: NamedCut
    cut_file: Path | None
    cut_state: str
    naming: ShotNaming
    silent_families: tuple[str, ...]
    asked_at_s: float

    def spoken(self) -> list[str | list[str]]:
        """Everything a seal is over."""
        return [
            self.context,
            str(id(self.cut.timeline)) if self.cut.timeline is not None else "",
            str(self.cut.path or ""),
            str(self.cut_file or ""),
            self.cut_state,
            [*self.naming.patterns],
            [*self.silent_families],
            repr(self.asked_at_s),
        ]


@dataclass(frozen=True, slots=True)
class Stamp:
    """One instance's permission, under some terms. `silent` is True where only its families cleared it."""

    instance: str
    shot: str
    scene: str
    scene_state: str
    silent: bool
    outcome: Outcome
    seal: str = ""


def issue_stamp(
    terms: Terms, subject: Subject, scene_state: str, outcome: Outcome, *, silent: bool = False
) -> Stamp:
    """A stamp that holds for this subject only. Raises ValueError for an outcome that permits nothing."""
    if outcome.may_publish is not True:
        raise ValueError(f"no stamp for {outcome.value}")
    stamp = Stamp(subject.instance, subject.shot, subject.scene_name, scene_state, silent, outcome)
    return replace(stamp, seal=_seal_of(terms, stamp))


def stamp_fault(stamp: object, terms: Terms, subject: Subject) -> str:
    """Why the stamp does not hold for this subject, in words; "" when it holds."""
    if stamp is None:
        return "nobody has looked at it"
    if type(stamp) is not Stamp or not hmac.compare_digest(stamp.seal, _seal_of(terms, stamp)):
        return "its stamp was not made by Clearcut for this cut"
    if stamp.instance != subject.instance:
        return "its stamp is another instance's"
    if stamp.shot != subject.shot:
        return f"it was looked at as shot {stamp.shot} and is now {subject.shot}"
    if stamp.scene != subject.scene_name:
        return "it was looked at with another scene file"
    if stamp.silent and not is_silent(subject, terms.silent_families):
        return "it was looked at as a family without picture or sound, and has another one now"
    return "" if stamp.outcome.may_publish is True else f"it is {stamp.outcome.value}"


def stamp_went_stale(stamp: Stamp, terms: Terms, subject: Subject, states: Mapping[str, str]) -> str:
    """What changed since the question was asked, in words; "" for nothing. `states` are of the scenes by name, now."""
    if terms.cut_file is not None and file_state(terms.cut_file) != terms.cut_state:
        return f"the edit {terms.cut_file.name} changed since it was looked at"
    if stamp.silent:
        return ""  # its families cleared it, whatever its scene shows
    if subject.scene is not None and states.get(subject.scene_name) != stamp.scene_state:
        return f"the scene {subject.scene_name} changed since it was looked at"
    return ""


def is_silent(subject: Subject, silent_families: tuple[str, ...]) -> bool:
    """Whether all of its families carry neither picture nor sound; False without any family."""
    return bool(subject.families) and set(subject.families) <= set(silent_families)


def _seal_of(terms: Terms, stamp: Stamp) -> str:
    spoken = [
        terms.spoken(),
        [stamp.instance, stamp.shot, stamp.scene, stamp.scene_state, stamp.silent, stamp.outcome.value],
    ]
    return hmac.new(_KEY, json.dumps(spoken).encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class GateRecord:
    """What lies in `context.data["clearcut"]`.

    The verdict; by instance id a stamp for each that may be published, and for each other why it may not.
    `verdict` is None when nothing that shows anything is published. `judged` is, by instance id, the verdict that
    each was judged by (there are several where one shot has several scenes) and its shot's name there.
    """

    terms: Terms
    verdict: Verdict | None
    stamps: Mapping[str, Stamp]
    stops: Mapping[str, Stop]
    judged: Mapping[str, tuple[Verdict, str]] = field(default_factory=dict)

    @property
    def outcome(self) -> Outcome:
        """The cut's outcome; not_applicable when there was nothing to ask."""
        return self.verdict.outcome if self.verdict is not None else Outcome.NOT_APPLICABLE

    @property
    def edit(self) -> EditFacts | None:
        """Which edit was judged."""
        return self.verdict.edit if self.verdict is not None else None

    @property
    def shots(self) -> tuple[ShotVerdict, ...]:
        """The verdict's shots, in record order."""
        return self.verdict.shots if self.verdict is not None else ()

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """The reasons of the cut as a whole."""
        return self.verdict.reasons if self.verdict is not None else ()

    def shot(self, name: str) -> ShotVerdict | None:
        """The shot of that name, or None."""
        return self.verdict.shot(name) if self.verdict is not None else None


def record_of(context: Any) -> GateRecord | None:
    """The context's own record; None for anything else that lies there."""
    record = context.data.get("clearcut")
    if type(record) is GateRecord and record.terms.context == str(context.id):
        return record
    return None
