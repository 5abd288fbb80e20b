"""One question for all that a context publishes: instances to shots and scenes, one check, verdict to stamps."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from clearcut.core.rules import Rules
from clearcut.core.verdict import Outcome, ShotVerdict, Verdict, worst
from clearcut.errors import CannotTellError
from clearcut.publish.scenes import FileScene, LiveScene, file_state
from clearcut.publish.stamp import GateRecord, Terms, is_silent, issue_stamp
from clearcut.publish.stop import Stop
from clearcut.publish.subject import NamedCut, Subject, named_cut, published, subject_of
from clearcut.publish.wording import (
    hindering,
    stop_in_words,
    stop_of_cut,
    stop_of_error,
    stop_of_missing,
    stop_of_shot,
)


@dataclass(frozen=True, slots=True)
class Question:
    """What the gate wants to know: the verdict on `cut` (None: what is set up), for `shots`, with their scenes."""

    cut: NamedCut
    shots: tuple[str, ...]
    scenes: dict[str, FileScene | LiveScene]


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
                live_scenes={shot: s for shot, s in question.scenes.items() if isinstance(s, LiveScene)},
            )
        )

    return Judge(rules, check)


def answer_for(context: Any, judge: Judge | None = None) -> GateRecord:
    """Asks for every instance of the context that is published. Raises what the settings raise."""
    judge = judge or configured_judge()
    terms = terms_of(context, judge)
    subjects, stops = _subjects(context, terms)
    stamps = {
        subject.instance: issue_stamp(terms, subject, "", Outcome.NOT_APPLICABLE, silent=True)
        for subject in subjects
        if is_silent(subject, terms.silent_families)
    }
    judged_by: dict[str, tuple[Verdict, str]] = {}
    for together in rounds([subject for subject in subjects if subject.instance not in stamps]):
        # Before the files are read, so that a save in between is noticed later.
        states = {subject.instance: subject.scene_state() for subject in together}
        verdict, spelled = _ask(judge, terms, together)
        by_name = shots_by_name(verdict)
        for subject in together:
            name = spelled.get(subject.shot, subject.shot)
            judged_by[subject.instance] = verdict, name
            judged = judge_shot(name, verdict, by_name)
            if isinstance(judged, Stop):
                stops[subject.instance] = judged
            else:
                stamps[subject.instance] = issue_stamp(terms, subject, states[subject.instance], judged)
    verdicts = [verdict for verdict, _ in judged_by.values()]
    shown = max(verdicts, key=lambda verdict: verdict.outcome.rank, default=None)
    return GateRecord(
        terms, shown, MappingProxyType(stamps), MappingProxyType(stops), MappingProxyType(judged_by)
    )


def terms_of(context: Any, judge: Judge) -> Terms:
    """What is asked and by which rules, with the state of the edit file before it is read."""
    cut = named_cut(context)
    rules, cut_file = judge.rules(cut)
    return Terms(
        context=str(context.id),
        cut=cut,
        cut_file=cut_file,
        cut_state=file_state(cut_file),
        naming=rules.shot_naming,
        silent_families=rules.silent_families,
        asked_at_s=time.monotonic(),
    )


def _subjects(context: Any, terms: Terms) -> tuple[list[Subject], dict[str, Stop]]:
    """What is published, and a stop for each instance of which even the shot cannot be told."""
    subjects: list[Subject] = []
    stops: dict[str, Stop] = {}
    for instance in published(context):
        try:
            subjects.append(subject_of(instance, terms.naming))
        except CannotTellError as error:
            stops[str(instance.id)] = stop_of_error(str(instance.name), error)
    return subjects, stops


def _ask(judge: Judge, terms: Terms, subjects: list[Subject]) -> tuple[Verdict, dict[str, str]]:
    """The verdict, and the cut's spelling of the shots that differ from it in case alone.

    Asked again under that spelling: a shot that the cut lacks may be cleared by its scene alone, and must not be
    because it was written small.
    """
    verdict = judge.check(_question(terms, subjects, {}))
    spelled = other_spellings([subject.shot for subject in subjects], verdict)
    return (judge.check(_question(terms, subjects, spelled)) if spelled else verdict), spelled


def _question(terms: Terms, subjects: list[Subject], spelled: dict[str, str]) -> Question:
    names = {subject.shot: spelled.get(subject.shot, subject.shot) for subject in subjects}
    return Question(
        terms.cut,
        tuple(dict.fromkeys(names.values())),
        {names[subject.shot]: subject.scene for subject in subjects if subject.scene is not None},
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
