"""Publishes with the operator in a Blender with a window, while the server holds its answer back; prints what came of it.

test_blender_binary.py starts it, with CANCEL=1 to press Esc instead of letting the answer come.
"""

import os
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "hosts" / "blender" / "addons"))

import addon_utils
import bpy

addon_utils.enable("clearcut_gate", default_set=False)
import clearcut_gate  # noqa: E402 - the folder comes first

from clearcut.publish import asking  # noqa: E402

configured, hold, said = asking.configured_judge, threading.Event(), []


def held():
    judge = configured()
    return asking.Judge(judge.rules, lambda question: hold.wait(120) and judge.check(question))


asking.configured_judge = held


def press_publish():
    window = bpy.context.window_manager.windows[0]
    with bpy.context.temp_override(window=window, screen=window.screen, area=window.screen.areas[0]):
        try:
            said.extend(bpy.ops.clearcut.publish("INVOKE_DEFAULT"))
        except RuntimeError as error:
            said.append(str(error).strip())


def begin():
    press_publish()
    press_publish()
    bpy.app.timers.register(go_on, first_interval=0.5)


def go_on():
    window = bpy.context.window_manager.windows[0]
    if clearcut_gate._running and time.monotonic() < END_S:
        if not clearcut_gate._running[0].waiting:
            return 0.2
        if os.environ.get("CANCEL"):
            for value in ("PRESS", "RELEASE"):
                window.event_simulate(type="ESC", value=value, x=window.width // 2, y=window.height // 2)
        else:
            hold.set()
        return 0.5
    published = [(result.exit_code, list(result.published)) for result in clearcut_gate._last]
    print("SAID", [*said, published])
    sys.stdout.flush()
    os._exit(0)


END_S = time.monotonic() + 150
bpy.app.timers.register(begin, first_interval=0.5)
