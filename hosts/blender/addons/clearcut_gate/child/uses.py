"""What a render of the open file reads, asked of Blender's own depsgraph.

A render engine that draws nothing is given the render's depsgraph and lists its object instances: so hidden and
excluded objects are left out and instanced ones found exactly as a render would.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import Any

import bpy
from animation import has_python_driver, is_moving, layers_move, runs_scripts, telling_frames
from closure import Closure, Relations, pointers

SAMPLING_S = 20.0
MOST_SAMPLES = 250
_ENGINE = "CLEARCUT_NULL"
_SWITCHED_OFF = ("use_sequencer", "use_compositing", "use_freestyle", "use_single_layer", "use_multiview")
_COMPOSITOR_ENDS = frozenset({"COMPOSITE", "OUTPUT_FILE", "GROUP_OUTPUT"})


class Uses:
    """What the render of a scene uses on frames `first` to `last`, and of what (`doubtful`) that cannot be told.

    `all_of_it`: something that cannot be followed decides what is drawn, and all counts as used.
    """

    def __init__(self, scene: Any, first: int, last: int) -> None:
        self._frames = range(first, max(first, last) + 1)
        self._scenes: set[Any] = set()
        self._moving = [one for one in bpy.data.objects if is_moving(one)]
        self._seen: set[Any] = set()
        self._complete = True
        relations = Relations()
        self.used, self.doubtful = Closure(relations), Closure(relations)
        self.all_of_it = runs_scripts() or layers_move()
        self._scene(scene)
        self._unseen()

    def _scene(self, scene: Any) -> None:
        if scene in self._scenes:
            return
        self._scenes.add(scene)
        # Both before the render, which changes switches.
        others = [scene.background_set, *_sequencer(scene), *_compositor(scene, self.used)]
        self.used.identify(scene)
        self.used.use(scene.world)
        for layer in scene.view_layers:
            self.used.use(layer.material_override)
            self.used.use(getattr(layer, "world_override", None))
            for lines in layer.freestyle_settings.linesets if scene.render.use_freestyle else ():
                self.used.use(lines.linestyle)
        if scene.library is not None:
            # A linked scene is rendered by name, and another may bear the same: all that is in it counts.
            for one in scene.collection.all_objects:
                self.used.show(one, whole=True)
        seen, complete = _rendered(scene, telling_frames(self._moving, self._frames))
        self._seen |= seen
        self._complete = self._complete and complete
        # Sound is mixed from all speakers, drawn or not.
        for one in (*seen, *(o for o in scene.objects if o.type == "SPEAKER")):
            if not has_python_driver(one):
                self.used.show(one)
        for other in others:
            if isinstance(other, bpy.types.Scene):
                self._scene(other)
            else:
                self.used.use(other)

    def _unseen(self) -> None:
        """What may yet appear, with all that it instances: on a frame that was not looked at, or by Python."""
        for one in self._moving:
            if has_python_driver(one):
                # A driver that is not run shows what it would hide.
                self.doubtful.show(one, whole=True)
            elif one not in self._seen and not self._complete:
                self.used.show(one, whole=True)


def _sequencer(scene: Any) -> Iterator[Any]:
    editor = scene.sequence_editor
    if editor is None:
        return
    strips = editor.strips_all if hasattr(editor, "strips_all") else editor.sequences_all
    for strip in strips:
        yield from pointers(strip)
        for modifier in getattr(strip, "modifiers", ()):
            yield from pointers(modifier)


def _compositor(scene: Any, used: Closure) -> Iterator[Any]:
    """What flows into the compositor's outputs: pictures, clips, groups, other scenes. Muted nodes count too."""
    tree = scene.compositing_node_group if hasattr(scene, "compositing_node_group") else scene.node_tree
    if tree is None or not scene.use_nodes or not scene.render.use_compositing:
        return
    used.identify(tree)
    sources: dict[Any, list[Any]] = {}
    for link in tree.links:
        sources.setdefault(link.to_node, []).append(link.from_node)
    todo = [node for node in tree.nodes if node.type in _COMPOSITOR_ENDS]
    done: set[Any] = set()
    while todo:
        node = todo.pop()
        if node in done:
            continue
        done.add(node)
        todo += sources.get(node, ())
        yield from _named_by(node, set())


def _named_by(node: Any, entered: set[Any]) -> Iterator[Any]:
    """What a node, its sockets, and for a group all nodes in it point at."""
    for struct in (node, *node.inputs):
        for block in pointers(struct):
            yield block
            if isinstance(block, bpy.types.NodeTree) and block not in entered:
                entered.add(block)
                for inner in block.nodes:
                    yield from _named_by(inner, entered)


def _rendered(scene: Any, frames: Iterable[int]) -> tuple[set[Any], bool]:
    """The objects that a render's depsgraph lists on these frames, and whether all frames were looked at."""
    seen: set[Any] = set()

    class NullEngine(bpy.types.RenderEngine):  # type: ignore[misc] # bpy has no types
        bl_idname = _ENGINE
        bl_label = "Clearcut lists what is rendered"
        bl_use_preview = False

        def render(self, depsgraph: Any) -> None:
            for instance in depsgraph.object_instances:
                seen.add(instance.object.original)
                if instance.is_instance:
                    seen.add(instance.parent.original)
                    seen.add(instance.instance_object.original)

    bpy.utils.register_class(NullEngine)
    try:
        _prepare(scene)
        return seen, _render(scene, list(frames))
    finally:
        # A class left registered hangs Blender at its end.
        bpy.utils.unregister_class(NullEngine)


def _render(scene: Any, frames: list[int]) -> bool:
    begun = time.monotonic()
    for count, frame in enumerate(_spread(frames)):
        if count and time.monotonic() - begun > SAMPLING_S:
            return False
        scene.frame_set(frame)
        bpy.ops.render.render(scene=scene.name)
    return len(frames) <= MOST_SAMPLES


def _spread(frames: list[int]) -> list[int]:
    """All frames, or as many as are looked at, spread over them."""
    step = -(-len(frames) // MOST_SAMPLES)
    return frames[::step]


def _prepare(scene: Any) -> None:
    """The least that a render needs; of the child's own copy."""
    if scene.camera is None:
        scene.camera = bpy.data.objects.new("clearcut", bpy.data.cameras.new("clearcut"))
    render = scene.render
    render.engine = _ENGINE
    render.resolution_x = render.resolution_y = 8
    render.resolution_percentage = 100
    for switch in _SWITCHED_OFF:
        setattr(render, switch, False)
