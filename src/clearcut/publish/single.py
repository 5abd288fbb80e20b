"""Whether one thing may be published, where there is no Pyblish: a render in Nuke, another publisher's hook."""

from __future__ import annotations

from clearcut.core.shots import UNNAMED
from clearcut.publish.asking import (
    Judge,
    Question,
    configured_judge,
    judge_shot,
    other_spellings,
    shots_by_name,
)
from clearcut.publish.scenes import FileScene, LiveScene, TakenScene
from clearcut.publish.stop import Stop, publish_error
from clearcut.publish.subject import NamedCut, cut_spelling
from clearcut.publish.waiting import LIMIT_S, elsewhere
from clearcut.publish.wording import stop_of_error


def require_clearance(shot: str, scene: FileScene | LiveScene | None, judge: Judge | None = None) -> None:
    """Returns when `shot` may be published from `scene` now; raises a GateStop in every other case.

    `shot` is brought to the cut's spelling by the rule file. The cut is the one that is set up (environment, rule
    file). Nothing is kept: each call asks, on a thread of its own. Call it where the host may be asked.
    """
    try:
        taken = None if scene is None else scene.take()
        limit_s = LIMIT_S + (0 if taken is None else taken.limit_s)
        stop = elsewhere(lambda: _why_not(shot, taken, judge or configured_judge()), limit_s)
    except (KeyboardInterrupt, GeneratorExit):
        raise
    except BaseException as error:
        raise publish_error(stop_of_error(shot, error)) from error
    if stop is not None:
        raise publish_error(stop)


def _why_not(shot: str, scene: FileScene | TakenScene | None, judge: Judge) -> Stop | None:
    cut = NamedCut()
    rules, _ = judge.rules(cut)
    name = cut_spelling(shot.strip(), rules.shot_naming) or UNNAMED
    verdict = judge.check(_question(cut, name, scene))
    spelled = other_spellings([name], verdict).get(name)
    if spelled is not None:
        name, verdict = spelled, judge.check(_question(cut, spelled, scene))
    judged = judge_shot(name, verdict, shots_by_name(verdict))
    return judged if isinstance(judged, Stop) else None


def _question(cut: NamedCut, shot: str, scene: FileScene | TakenScene | None) -> Question:
    return Question(cut, (shot,), {} if scene is None else {shot: scene})
