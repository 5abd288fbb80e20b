"""Publishes what is open with Pyblish, through the gate. Works the same with a window and without one."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import bpy

from .asking import TIMEOUT_S
from .reading import OpenBlend


def prepare() -> None:
    """Tells Pyblish that this is Blender, where our plug-ins are, and how an instance's scene is read."""
    import pyblish.api

    from clearcut.publish.locations import plugins_folder
    from clearcut.publish.scenes import register_host_reader

    pyblish.api.register_host("blender")
    folder = str(plugins_folder())
    if folder not in pyblish.api.registered_paths():
        pyblish.api.register_plugin_path(folder)
    pyblish.api.register_plugin(_collector(pyblish.api))
    register_host_reader(live_scene)


def live_scene(instance: Any) -> Any:
    """What the instance is published from: the scene that it names, else the one that is shown."""
    from clearcut.errors import CannotTellError
    from clearcut.publish.scenes import LiveScene

    named = str(instance.data.get("blenderScene") or "")
    scene = bpy.data.scenes.get(named) if named else bpy.context.scene
    if scene is None:
        raise CannotTellError(
            f"there is no scene {named}",
            where=f"{instance.name}: instance.data['blenderScene']",
            code="scene-unreadable",
            remedy="name a scene of the open file",
        )
    frames = _frames(instance.data)
    name = f"{bpy.data.filepath or 'unsaved'}:{scene.name}:{frames or ''}"
    return LiveScene(name, OpenBlend(scene, frames), limit_s=TIMEOUT_S)


def _frames(data: Any) -> tuple[int, int] | None:
    """The frames that the publisher says, half-open, with handles; None when it says none."""
    firsts = [data[key] for key in ("frameStart", "frameStartHandle") if isinstance(data.get(key), int)]
    lasts = [data[key] for key in ("frameEnd", "frameEndHandle") if isinstance(data.get(key), int)]
    return (min(firsts), max(lasts) + 1) if firsts and lasts else None


def publish(edit: str = "") -> Any:
    """Publishes the open file; a `clearcut.publish.headless.Published`. `edit` "" leaves it to the settings."""
    from clearcut.publish import headless

    prepare()
    return headless.publish(_data(edit))


def _data(edit: str) -> dict[str, Any]:
    named = {"clearcutEdit": bpy.path.abspath(edit)} if edit else {}
    return {"currentFile": bpy.data.filepath, **named}


class Running:
    """The same publish in pieces, so that Blender can draw in between."""

    def __init__(self, edit: str = "") -> None:
        from clearcut.publish import headless

        prepare()
        self._steps = headless.stepwise(_data(edit))
        self._awaited: Any = None
        self.result: Any = None

    @property
    def waiting(self) -> bool:
        """Whether the answer is being waited for; nothing has been extracted then."""
        return self._awaited is not None and not self._awaited.ready

    def advance(self, at_most_s: float) -> bool:
        """Goes on for about so long (a plug-in is never interrupted); True when it has come to its end."""
        end_s = time.monotonic() + at_most_s
        try:
            while not self.waiting and time.monotonic() < end_s:
                self._awaited = next(self._steps)
        except StopIteration as end:
            self.result = end.value
        return self.result is not None

    def give_up(self) -> None:
        """Ends it where it is. What is asked is asked in vain."""
        self._steps.close()


def _collector(api: Any) -> type:
    """One instance for the scene that is shown, unless a studio's own collector made some."""

    class CollectBlenderScene(api.ContextPlugin):  # type: ignore[misc] # Pyblish has no types
        label = "Blender scene"
        order = api.CollectorOrder + 0.4
        hosts = ["*"]  # noqa: RUF012 - Pyblish wants lists
        targets: list[str] = []  # noqa: RUF012
        match = api.Subset

        def process(self, context: Any) -> None:
            if len(context):
                return
            scene = bpy.context.scene
            name = str(scene.get("clearcut_shot", "")) or Path(bpy.data.filepath).stem or "unsaved"
            context.create_instance(name, family="render", families=["render"], blenderScene=scene.name)

    return CollectBlenderScene
