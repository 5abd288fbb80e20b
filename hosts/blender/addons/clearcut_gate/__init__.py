"""Clearcut in Blender: publish through the gate, and see why a shot is stopped and whom to ask.

Needs Clearcut in Blender's own Python. Blender's handlers cannot stop a save or a render (an exception in them is
ignored): the gate is in the publish, and on the farm.
"""

from __future__ import annotations

import textwrap
from typing import Any

import bpy

from . import publishing, window

bl_info = {
    "name": "Clearcut",
    "author": "The Clearcut founders",
    "version": (0, 1, 0),
    "blender": (3, 4, 0),
    "location": "Properties > Output > Clearcut",
    "description": "Publishes only what is cleared for digital replicas of performers",
    "category": "Pipeline",
}

_LINE_CHARS = 60
_TICK_S = 0.05
_ASKING = "Clearcut: asking for clearance. Esc: cancel"
_last: list[Any] = []  # the last Published, at most one
_running: list[publishing.Running] = []  # the publish that goes on now, at most one


class ClearcutPreferences(bpy.types.AddonPreferences):  # type: ignore[misc] # bpy has no types
    """Where the edit is, when neither the publish nor CLEARCUT_EDIT says it."""

    bl_idname = __package__
    edit: bpy.props.StringProperty(name="Edit", subtype="FILE_PATH")  # type: ignore[valid-type]

    def draw(self, _context: Any) -> None:
        """One field; server and token belong into the environment."""
        self.layout.prop(self, "edit")


class CLEARCUT_OT_publish(bpy.types.Operator):  # type: ignore[misc] # noqa: N801 - Blender's way
    """Publish the open scene, if every replica in its shot is cleared."""

    bl_idname = "clearcut.publish"
    bl_label = "Publish through Clearcut"

    def execute(self, context: Any) -> set[str]:
        """Publishes in one go: from a script, or without a window. CANCELLED when anything was held back."""
        if _running:
            return self._busy()
        try:
            result = publishing.publish(_edit(context))
        except Exception as error:  # noqa: BLE001 - the entry point: nothing is published after it
            return self._failed(error)
        return self._told(result)

    def invoke(self, context: Any, _event: Any) -> set[str]:
        """Publishes while Blender draws. What is pressed meanwhile changes nothing of what is published; Esc cancels."""
        if _running:
            return self._busy()
        if bpy.app.background or context.window is None:
            return self.execute(context)
        try:
            _running[:] = [publishing.Running(_edit(context))]
        except Exception as error:  # noqa: BLE001 - the entry point: nothing is published after it
            return self._failed(error)
        self._timer = context.window_manager.event_timer_add(_TICK_S, window=context.window)
        context.window_manager.modal_handler_add(self)
        context.workspace.status_text_set(_ASKING)
        return {"RUNNING_MODAL"}

    def modal(self, context: Any, event: Any) -> set[str]:
        """Goes on at each tick, until there is a result."""
        running = _running[0]
        if event.type == "ESC" and running.waiting:
            running.give_up()
            self._end(context)
            self.report({"WARNING"}, "Cancelled before there was an answer: nothing was published")
            return {"CANCELLED"}
        if event.type != "TIMER":
            return {"RUNNING_MODAL"}
        try:
            ended = running.advance(_TICK_S)
        except Exception as error:  # noqa: BLE001 - the entry point: nothing is published after it
            self._end(context)
            return self._failed(error)
        if not ended:
            return {"RUNNING_MODAL"}
        self._end(context)
        return self._told(running.result)

    def _end(self, context: Any) -> None:
        _running.clear()
        context.window_manager.event_timer_remove(self._timer)
        context.workspace.status_text_set(None)
        for area in context.screen.areas:
            area.tag_redraw()

    def _busy(self) -> set[str]:
        self.report({"ERROR"}, "A publish is running: wait for it, or press Esc")
        return {"CANCELLED"}

    def _failed(self, error: Exception) -> set[str]:
        self.report({"ERROR"}, f"Nothing was published: {error}")
        return {"CANCELLED"}

    def _told(self, result: Any) -> set[str]:
        _last[:] = [result]
        if result.exit_code == 0:
            self.report({"INFO"}, f"Published {', '.join(result.published)}")
            return {"FINISHED"}
        from clearcut.publish.headless import last_word

        self.report({"ERROR"}, "\n".join([*(f.message for f in result.failures[:1]), last_word(result)]))
        return {"CANCELLED"}


def _edit(context: Any) -> str:
    addon = context.preferences.addons.get(__package__)
    return str(addon.preferences.edit) if addon else ""


class CLEARCUT_OT_window(bpy.types.Operator):  # type: ignore[misc] # noqa: N801 - Blender's way
    """Show the whole cut beside Blender: which shots may be published, why not, whom to ask."""

    bl_idname = "clearcut.window"
    bl_label = "Show the cut in Clearcut"

    def execute(self, context: Any) -> set[str]:
        """Opens the window, once."""
        addon = context.preferences.addons.get(__package__)
        edit = bpy.path.abspath(addon.preferences.edit) if addon and addon.preferences.edit else ""
        try:
            opened = window.open_window(edit)
        except (OSError, RuntimeError) as error:
            self.report({"ERROR"}, f"Clearcut's window did not open: {error}")
            return {"CANCELLED"}
        if not opened:
            self.report({"INFO"}, "Clearcut's window is open already")
        return {"FINISHED"}


class CLEARCUT_PT_verdict(bpy.types.Panel):  # type: ignore[misc] # noqa: N801 - Blender's way
    """What the last publish came to."""

    bl_label = "Clearcut"
    bl_space_type = "PROPERTIES"
    bl_region_type = "WINDOW"
    bl_context = "output"

    def draw(self, _context: Any) -> None:
        """The button, then each instance with why and whom to ask."""
        if _running:
            self.layout.label(text=_ASKING, icon="TIME")
            return
        self.layout.operator(CLEARCUT_OT_publish.bl_idname, icon="EXPORT")
        self.layout.operator(CLEARCUT_OT_window.bl_idname, icon="WINDOW")
        for line, icon in rows(_last[0] if _last else None):
            self.layout.label(text=line, icon=icon)


def rows(result: Any) -> list[tuple[str, str]]:
    """The panel's lines with Blender's icon names, worst first."""
    if result is None:
        return [("Not published yet", "INFO")]
    found = [(f"{name}: held back", "CANCEL") for name in result.held]
    said = [finding.message for finding in result.gate] + [failure.message for failure in result.failures]
    for message in dict.fromkeys(said):
        for line in message.splitlines():
            found += [(part, "NONE") for part in textwrap.wrap(line, _LINE_CHARS)]
    return found + [(f"{name}: published", "CHECKMARK") for name in result.published]


_CLASSES = (ClearcutPreferences, CLEARCUT_OT_publish, CLEARCUT_OT_window, CLEARCUT_PT_verdict)


def register() -> None:
    """Called by Blender."""
    for cls in _CLASSES:
        bpy.utils.register_class(cls)


def unregister() -> None:
    """Called by Blender."""
    for cls in reversed(_CLASSES):
        bpy.utils.unregister_class(cls)
