"""Whether what is drawn changes with time: keys, strips and drivers on visibility, scripts that run by themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import bpy

_VISIBILITY = ("hide_render", "exclude", "indirect_only", "view_layers", "instance_collection")


def runs_scripts() -> bool:
    """Whether the file brings scripts that run where scripts are allowed: they may show anything on any frame."""
    return any(text.use_module for text in bpy.data.texts)


def layers_move() -> bool:
    """Whether something other than objects is animated that decides what is drawn."""
    return any(is_moving(block) for block in bpy.data.user_map() if not isinstance(block, bpy.types.Object))


def is_moving(block: Any) -> bool:
    """Whether keys or drivers decide if a datablock is drawn."""
    return any(word in path for path, _ in _curves(block) for word in _VISIBILITY)


def telling_frames(blocks: Iterable[Any], frames: Sequence[int]) -> list[int]:
    """One frame for each way in which keys switch these datablocks; all frames where more than keys decide."""
    curves = []
    for block in blocks:
        animation = block.animation_data
        if len(animation.drivers) or len(animation.nla_tracks) or animation.action is None:
            return list(frames)
        curves += [c for c in _curves_of(animation.action) if any(w in c.data_path for w in _VISIBILITY)]
    first: dict[tuple[float, ...], int] = {}
    for frame in frames:
        first.setdefault(tuple(round(curve.evaluate(frame), 4) for curve in curves), frame)
    return list(first.values())


def has_python_driver(one: Any) -> bool:
    """Whether Python that is not run here decides if the object is drawn; simple expressions Blender computes."""
    return any(
        driver is not None and driver.type == "SCRIPTED" and not driver.is_simple_expression
        for path, driver in _curves(one)
        if any(word in path for word in _VISIBILITY)
    )


def actions_of(block: Any) -> Iterator[Any]:
    """The actions that move a datablock, those in strips too."""
    animation = getattr(block, "animation_data", None)
    if animation is None:
        return
    if animation.action is not None:
        yield animation.action
    for track in animation.nla_tracks:
        yield from (strip.action for strip in track.strips if strip.action is not None)


def _curves(block: Any) -> Iterator[tuple[str, Any]]:
    """The paths that are animated on a datablock, each with its driver or None."""
    animation = getattr(block, "animation_data", None)
    if animation is None:
        return
    yield from ((curve.data_path, curve.driver) for curve in animation.drivers)
    for action in actions_of(block):
        yield from ((curve.data_path, None) for curve in _curves_of(action))


def _curves_of(action: Any) -> Iterator[Any]:
    """The curves of an action: in layers from 4.4 on, in a list of its own before."""
    layers = getattr(action, "layers", None)
    if layers is None:
        yield from action.fcurves
        return
    for layer in layers:
        for strip in layer.strips:
            for bag in getattr(strip, "channelbags", ()):
                yield from bag.fcurves
