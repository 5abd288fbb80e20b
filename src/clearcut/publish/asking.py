"""One question for all that a context publishes: instances to shots and scenes, one check, verdict to stamps.

In two halves. `pose` asks Pyblish and the host, on the thread that publishes, and keeps plain values; `answer` reads
files, asks whoever answers and decides, on a thread of its own (`waiting.elsewhere`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from clearcut.core.rules import Rules
from clearcut.core.verdict import Outcome, ShotVerdict, Verdict, worst
from clearcut.errors import CannotTellError
from clearcut.publish.scenes import FileScene, TakenScene, file_state
from clearcut.publish.stamp import GateRecord, Terms, is_silent, issue_stamp
from clearcut.publish.stop import Stop
from clearcut.publish.subject import NamedCut, Seen, Subject, named_cut, published, see, subject_of
from clearcut.publish.waiting import LIMIT_S, elsewhere, wait_for
from clearcut.publish.wording import (
    hindering,
    stop_in_words,
    stop_of_cut,
    stop_of_error,
    stop_of_missing,
    stop_of_shot,
)
from clearcut.worker import Worker


@dataclass(frozen=True, slots=True)
class Question:
    """What the gate wants to know: the verdict on `cut` (None: what is set up), for `shots`, with their scenes."""

    cut: NamedCut
    shots: tuple[str, ...]
    scenes: Mapping[str, FileScene | TakenScene]


@dataclass(frozen=True, slots=True)
class Judge:
    """Who judges: the rules in force for a cut, with the edit file they lead to, and the check itself."""

    rules: Callable[[NamedCut], tuple[Rules, Path | None]]
    check: Callable[[Question], Verdict]


def configured_judge() -> Judge:
    """What settings and environment name."""
    from clearcut.bootstrap import CheckOptions, run_check
    from clearcut.settings import Environment, load_rules

    def rules(cut: NamedCut) -> tuple[Rules, Path | None]:
        environment = Environment.read()
        named = cut.path or environment.edit
        found = load_rules(named, environment.rules).rules
        if cut.timeline is not None:
            return found, None
        return found, named or (Path(found.edit) if found.edit else None)

    def check(question: Question) -> Verdict:
        return run_check(
            CheckOptions(
                edit=question.cut.path,
                timeline=question.cut.timeline,
                shots=question.shots,
                scenes={shot: s.path for shot, s in question.scenes.items() if isinstance(s, FileScene)},
                live_scenes={shot: s for shot, s in question.scenes.items() if isinstance(s, TakenScene)},
            )
        )

    return Judge(rules, check)


@dataclass(frozen=True, slots=True)
class Posed:
    """All that a context publishes, as plain values: nothing of it asks Pyblish or a host any more.

    `timeline` is the live timeline's OTIO JSON, None without one. `scenes` are what the instances are published from,
    by their names; `stops` what could not be told, by instance. `posed_at_s` is of the monotonic clock.
    """

    context: str
    cut: NamedCut
    timeline: bytes | None
    seen: tuple[Seen, ...]
    scenes: Mapping[str, FileScene | TakenScene]
    stops: Mapping[str, Stop]
    posed_at_s: float

    @property
    def limit_s(self) -> float:
        """How long its answer may take."""
        return LIMIT_S + sum(scene.limit_s for scene in self.scenes.values())

    def still_asked(self, context: Any) -> bool:
        """Whether the context asks the same: its cut, and each instance's name, shot, scene and families."""
        seen, stops = _seen(context)
        return (
            self.context == str(context.id)
            and self.cut.same_as(named_cut(context))
            and (self.seen, self.stops) == (seen, stops)
        )


class EarlyAnswer:
    """An answer that is waited for before the publish needs it: where a host can wait in no other way."""

    def __init__(self, context: Any) -> None:
        self._posed = posed = pose(context)
        self._worker = Worker(lambda: answer(posed), name="clearcut-ask")
        _early[:] = [self]

    @property
    def ready(self) -> bool:
        """Whether taking it waits for nothing: it is there, or it is overdue."""
        return self._worker.ended or time.monotonic() - self._posed.posed_at_s >= self._posed.limit_s

    def record_for(self, context: Any) -> GateRecord | None:
        """The answer, for a context that still asks the same; else None."""
        if not self._posed.still_asked(context):
            return None
        wait_for(self._worker, self._posed.limit_s, self._posed.posed_at_s)
        return self._worker.result()


_early: list[EarlyAnswer] = []  # at most one: the last


def answer_for(context: Any, judge: Judge | None = None) -> GateRecord:
    """Asks for every instance of the context that is published. Raises what the settings raise."""
    early = _early.pop() if _early else None
    record = early.record_for(context) if early is not None else None
    if record is not None:
        return record
    posed = pose(context)
    return elsewhere(lambda: answer(posed, judge), posed.limit_s)


def pose(context: Any) -> Posed:
    """What there is to ask. On the thread that publishes; raises CannotTellError when the cut is not told."""
    cut = named_cut(context)
    seen, stops = _seen(context)
    scenes = {one.scene.name: one.scene for one in seen if one.scene is not None}
    return Posed(
        context=str(context.id),
        cut=cut,
        timeline=_as_text(cut.timeline),
        seen=seen,
        scenes={name: scene.take() for name, scene in scenes.items()},
        stops=stops,
        posed_at_s=time.monotonic(),
    )


def _as_text(timeline: Any) -> bytes | None:
    if timeline is None:
        return None
    from clearcut.edit.live import timeline_json

    return timeline_json(timeline)


def _seen(context: Any) -> tuple[tuple[Seen, ...], dict[str, Stop]]:
    """What is published, and a stop for each instance of which shot or scene cannot be told."""
    seen: list[Seen] = []
    stops: dict[str, Stop] = {}
    for instance in published(context):
        try:
            seen.append(see(instance))
        except CannotTellError as error:
            stops[str(instance.id)] = stop_of_error(str(instance.name), error)
    return tuple(seen), stops


def answer(posed: Posed, judge: Judge | None = None) -> GateRecord:
    """The answer to what was posed. On any thread; raises what the settings raise."""
    judge = judge or configured_judge()
    terms = terms_of(posed, judge)
    subjects, stops = _subjects(posed, terms)
    stamps = {
        subject.instance: issue_stamp(terms, subject, "", Outcome.NOT_APPLICABLE, silent=True)
        for subject in subjects
        if is_silent(subject, terms.silent_families)
    }
    judged_by: dict[str, tuple[Verdict, str]] = {}
    for together in rounds([subject for subject in subjects if subject.instance not in stamps]):
        # Before files are read, so that a save in between is noticed later.
        states = {s.instance: posed.scenes[s.scene_name].state() for s in together if s.scene is not None}
        verdict, spelled = _ask(judge, posed, together)
        by_name = shots_by_name(verdict)
        for subject in together:
            name = spelled.get(subject.shot, subject.shot)
            judged_by[subject.instance] = verdict, name
            judged = judge_shot(name, verdict, by_name)
            if isinstance(judged, Stop):
                stops[subject.instance] = judged
            else:
                stamps[subject.instance] = issue_stamp(
                    terms, subject, states.get(subject.instance, ""), judged
                )
    verdicts = [verdict for verdict, _ in judged_by.values()]
    shown = max(verdicts, key=lambda verdict: verdict.outcome.rank, default=None)
    return GateRecord(
        terms, shown, MappingProxyType(stamps), MappingProxyType(stops), MappingProxyType(judged_by)
    )


def terms_of(posed: Posed, judge: Judge) -> Terms:
    """What is asked and by which rules, with the state of the edit file before it is read."""
    rules, cut_file = judge.rules(posed.cut)
    return Terms(
        context=posed.context,
        cut=posed.cut,
        cut_file=cut_file,
        cut_state=file_state(cut_file),
        naming=rules.shot_naming,
        silent_families=rules.silent_families,
        asked_at_s=posed.posed_at_s,
    )


def _subjects(posed: Posed, terms: Terms) -> tuple[list[Subject], dict[str, Stop]]:
    """What is published, and a stop for each instance of which even the shot cannot be told."""
    subjects: list[Subject] = []
    stops = dict(posed.stops)
    for seen in posed.seen:
        try:
            subjects.append(subject_of(seen, terms.naming))
        except CannotTellError as error:
            stops[seen.instance] = stop_of_error(seen.name, error)
    return subjects, stops


def _ask(judge: Judge, posed: Posed, subjects: list[Subject]) -> tuple[Verdict, dict[str, str]]:
    """The verdict, and the cut's spelling of the shots that differ from it in case alone.

    Asked again under that spelling: a shot that the cut lacks may be cleared by its scene alone, and must not be
    because it was written small.
    """
    verdict = judge.check(_question(posed, subjects, {}))
    spelled = other_spellings([subject.shot for subject in subjects], verdict)
    return (judge.check(_question(posed, subjects, spelled)) if spelled else verdict), spelled


def _question(posed: Posed, subjects: list[Subject], spelled: dict[str, str]) -> Question:
    names = {subject.shot: spelled.get(subject.shot, subject.shot) for subject in subjects}
    return Question(
        posed.cut if posed.timeline is None else replace(posed.cut, timeline=posed.timeline),
        tuple(dict.fromkeys(names.values())),
        {
            names[subject.shot]: posed.scenes[subject.scene_name]
            for subject in subjects
            if subject.scene is not None
        },
    )


def other_spellings(shots: list[str], verdict: Verdict) -> dict[str, str]:
    """For each shot that the cut lacks, the one shot it has whose name differs in case alone."""
    in_cut = [
        shot.name for shot in verdict.shots if not any(r.code == "shot-not-in-cut" for r in shot.reasons)
    ]
    by_folded: dict[str, set[str]] = {}
    for name in in_cut:
        by_folded.setdefault(name.casefold(), set()).add(name)
    found = {}
    for shot in dict.fromkeys(shots):
        names = by_folded.get(shot.casefold(), set())
        if len(names) == 1 and shot not in names:
            (found[shot],) = names
    return found


def rounds(subjects: list[Subject]) -> list[list[Subject]]:
    """The subjects in as few questions as go: in each, a shot has one scene. In order; one is the rule."""
    made: list[tuple[list[Subject], dict[str, str]]] = []
    for subject in subjects:
        name = subject.scene_name
        fits = (at for at in made if not name or at[1].get(subject.shot) in (None, name))
        found = next(fits, None)
        if found is None:
            found = ([], {})
            made.append(found)
        found[0].append(subject)
        if name:
            found[1][subject.shot] = name
    return [together for together, _ in made]


def shots_by_name(verdict: Verdict) -> dict[str, list[ShotVerdict]]:
    """The verdict's shots by name, all of them: nobody promises that a name stands there once."""
    found: dict[str, list[ShotVerdict]] = {}
    for shot in verdict.shots:
        found.setdefault(shot.name, []).append(shot)
    return found


def judge_shot(shot: str, verdict: Verdict, by_name: dict[str, list[ShotVerdict]]) -> Outcome | Stop:
    """The outcome under which this shot may be published, or why it may not."""
    if verdict.what_if:
        return stop_in_words(
            shot,
            "the verdict is a what-if, for another moment than now",
            code="evaluation-error",
            who="pipeline TD",
            remedy="publish without a what-if moment",
        )
    if hindering(verdict.reasons):
        return stop_of_cut(shot, verdict)
    found = by_name.get(shot, [])
    if not found:
        return stop_of_missing(shot, verdict)
    outcome = worst(one.outcome for one in found)
    if outcome.may_publish is True:
        return outcome
    return stop_of_shot(next(one for one in found if one.outcome is outcome))
