"""The words of the reasons that a shot itself can have, before anybody asks for a licence."""

from __future__ import annotations

from clearcut.core.reasons import reason
from clearcut.core.shots import NamedClip
from clearcut.core.verdict import Reason, Severity
from clearcut.errors import Fault

_MOST_TOLD = 6


def unnamed(one: NamedClip) -> Reason:
    """A clip without a name shows a replica."""
    return reason(
        "shot-unnamed",
        f"a clip that shows a replica has no shot name: {one.clip.where}",
        detail={"where": one.clip.where},
    )


def ambiguous(one: NamedClip) -> Reason:
    """The places that name a clip disagree, and it shows a replica."""
    several = list({c.name: c for c in reversed(one.candidates)}.values())[::-1]
    said = "; ".join(f"{c.name!r} by {c.where}" for c in several[:_MOST_TOLD])
    said += f" and {len(several) - _MOST_TOLD} more" if len(several) > _MOST_TOLD else ""
    return reason(
        "shot-ambiguous",
        f"a clip that shows a replica has several shot names: {said}",
        remedy="set clearcut.shot on the clip, or fix the shot naming rule (see `clearcut shots`)",
        detail={
            "where": one.clip.where,
            "candidates": [{"kind": c.kind, "where": c.where, "name": c.name} for c in several[:_MOST_TOLD]],
        },
    )


def declared_fault(fault: Fault) -> Reason:
    """What the edit says about replicas cannot be understood."""
    return reason(
        "cut-unreadable",
        f"what the edit says about replicas is faulty at {fault}",
        remedy=f"mend {fault.path} in the edit",
        detail={"where": fault.path, "fault": fault.message},
    )


def suspect(asset: str, where: str, *, model: bool) -> Reason:
    """Something looks like a replica and nobody said whose."""
    what = "an ML model that" if model else "which looks like a replica and"
    return reason(
        "unidentified-replica",
        f"{asset}: {what} is neither registered nor declared not a replica",
        remedy=f"register {asset} as a performer's replica, or declare it not a replica with a reason",
        detail={"asset": asset, "where": where},
    )


def changed(asset: str, replica: str) -> Reason:
    """A file is registered with another content than it has now."""
    return reason(
        "asset-hash-mismatch",
        f"{asset} changed since it was registered for {replica}",
        remedy=f"register {asset} again",
        detail={"asset": asset, "replica": replica},
    )


def node_unknown(scene: str, node: str, why: str) -> Reason:
    """What a node of a scene uses cannot be told."""
    return reason(
        "scene-incomplete",
        f"{node} in {scene}: what it uses cannot be told{f' ({why})' if why else ''}",
        remedy=f"make what {node} uses readable, or publish without it",
        detail={"scene": scene, "node": node, "why": why},
    )


def scene_problem(scene: str, problem: str) -> Reason:
    """Part of a scene could not be read, or it publishes nothing that can be found."""
    return reason("scene-incomplete", f"{scene}: {problem}", detail={"scene": scene, "problem": problem})


def not_in_cut(shot: str, cut: str, *, complete: bool) -> Reason:
    """A scene is of a shot that the cut lacks: a warning where the scene shows all there is to know."""
    judged = "judged on what its scene shows" if complete else "and its scene does not show everything"
    return reason(
        "shot-not-in-cut",
        f"the cut {cut!r} has no shot {shot!r}: {judged}",
        remedy="check the shot's name against `clearcut shots`",
        severity=Severity.WARN if complete else Severity.UNKNOWN,
        detail={"shot": shot, "complete": complete},
    )
