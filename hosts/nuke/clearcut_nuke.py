"""Clearcut in Nuke: the gate before every render, the menu, and how Pyblish's instances are read.

Nuke 15 (Python 3.10) and 16 (Python 3.11). Written from Foundry's documentation and proved on a strict stand-in:
Nuke itself was not run. Imports Clearcut only when something is to be published, so that a Nuke without it starts,
and stops at the first render.

The open script is saved to a temporary file and read as text: no TCL, no Python of the script is evaluated.
"""

from __future__ import annotations

import shutil
import tempfile
import weakref
from pathlib import Path
from typing import Any

import nuke

# An exception in a beforeRender callback aborts the render. The callbacks are kept by class, and Write is only
# the default; they reach renders with `nuke -x` too. Not "*": a CurveTool is executed too, and writes nothing.
WRITE_CLASSES = ("Write", "DeepWrite", "WriteGeo", "GeoExport", "AudioWrite", "KatanaWriter")
SHOT_KNOB = "clearcut_shot"
PANEL_ID = "clearcut.panel"


def install() -> None:
    """The gate before every render, and Pyblish told where it is."""
    for write_class in WRITE_CLASSES:
        nuke.addBeforeRender(before_render, nodeClass=write_class)
    try:
        prepare_pyblish()
    except ImportError as error:
        nuke.tprint(f"Clearcut: no gate in Pyblish here ({error}); renders stop until it is installed")


def before_render() -> None:
    """Called by Nuke before a write node renders; raises unless the shot is cleared."""
    try:
        from clearcut.publish.single import require_clearance
    except ImportError as error:
        raise RuntimeError(
            f"Nothing is rendered: Clearcut does not load in this Nuke ({error}).\n"
            "Ask pipeline TD: install it in Nuke's Python, then run `nuke -t clearcut_doctor.py`."
        ) from error

    node = nuke.thisNode()
    require_clearance(shot_of(node), live_scene(node))


def shot_of(node: Any) -> str:
    """The node's own `clearcut_shot` knob, else the script's, else the script's file name without its suffix."""
    for owner in (node, nuke.root()):
        knob = owner.knob(SHOT_KNOB)
        if knob is not None and str(knob.value()).strip():
            return str(knob.value()).strip()
    return Path(nuke.root().name()).stem


def live_scene(node: Any) -> Any:
    """What the open script shows in one write node, or in all of them for None."""
    from clearcut.publish.scenes import LiveScene

    name = "" if node is None else node.fullName()
    return LiveScene(f"{nuke.root().name()}:{name}", OpenScript(name))


class OpenScript:
    """The open script, as far as one write node; a `clearcut.publish.scenes.OpenScene`. `target` "" means all of them."""

    def __init__(self, target: str) -> None:
        self._target = target

    def take(self) -> SavedScript:
        """Saves what is open to a temporary file: all that Nuke is asked. Raises SceneError."""
        from clearcut.errors import SceneError

        # Not named .autosave or with a tilde: such names say that a file is not the artist's own.
        copy = Path(tempfile.mkdtemp(prefix="clearcut-")) / "open.nk"
        gizmos = tuple(Path(path) for path in nuke.pluginPath())
        saved = SavedScript(self._target, nuke.root().name(), copy, gizmos)
        try:
            nuke.scriptSaveToTemp(str(copy))
        except RuntimeError as error:
            raise SceneError(
                f"Nuke could not save the open script: {error}", where=nuke.root().name()
            ) from error
        return saved

    def read(self) -> Any:
        """The `clearcut.core.scene.Scene` now. Raises SceneError."""
        return self.take().read()


class SavedScript:
    """What was open when it was saved; a `clearcut.check.SceneReader` that asks Nuke nothing, fit for any thread."""

    def __init__(self, target: str, script: str, copy: Path, gizmo_paths: tuple[Path, ...]) -> None:
        self._target = target
        self._script = script
        self._copy = copy
        self._gizmo_paths = gizmo_paths
        weakref.finalize(self, shutil.rmtree, copy.parent, ignore_errors=True)

    def read(self) -> Any:
        """A `clearcut.core.scene.Scene` with the targets asked for. Raises SceneError."""
        from dataclasses import replace

        from clearcut.errors import SceneError
        from clearcut.scene import read_scene

        scene = read_scene(
            self._copy,
            gizmo_paths=self._gizmo_paths,
            trusted_classes=_trusted_classes(),
            copy_of=self._script,
        )
        inside = f"{self._target}."
        targets = tuple(
            target
            for target in scene.targets
            if not self._target or target.name == self._target or target.name.startswith(inside)
        )
        if not targets:
            raise SceneError(
                f"no write node in the saved script is {self._target or 'there'}",
                where=self._script,
                code="scene-incomplete",
                remedy="enable the write node, and publish again",
            )
        return replace(scene, sha256="", targets=targets)


def _trusted_classes() -> tuple[str, ...]:
    """The plug-ins that the rule file in force vouches for."""
    from clearcut.settings import Environment, load_rules

    return load_rules(Environment.read().edit).rules.trusted_classes


def prepare_pyblish() -> None:
    """Tells Pyblish that this is Nuke, where our plug-ins are, and how an instance's node is read."""
    import pyblish.api

    from clearcut.publish.locations import plugins_folder
    from clearcut.publish.scenes import register_host_reader

    pyblish.api.register_host("nuke")
    folder = str(plugins_folder())
    if folder not in pyblish.api.registered_paths():
        pyblish.api.register_plugin_path(folder)
    register_host_reader(lambda instance: live_scene(node_of(instance)))


def node_of(instance: Any) -> Any:
    """The node that an instance publishes, where its collector says so; None for the whole script.

    AYON keeps it in `transientData`, OpenPype as the instance's first member, others in `clearcutNode` by name.
    """
    named = instance.data.get("clearcutNode")
    if named:
        node = nuke.toNode(str(named))
        if node is None:
            raise ValueError(f"there is no node {named}")
        return node
    transient = (instance.data.get("transientData") or {}).get("node")
    members = [member for member in (transient, *instance) if hasattr(member, "fullName")]
    return members[0] if members else None


def add_menu() -> None:
    """The menu entries, and the panel among those that can be docked."""
    import nukescripts.panels

    # Nuke evaluates the text where nothing of ours is imported.
    nukescripts.panels.registerWidgetAsPanel("__import__('clearcut_nuke').panel", "Clearcut", PANEL_ID)
    menu = nuke.menu("Nuke").addMenu("Clearcut")
    menu.addCommand("Publish through Clearcut", publish)
    menu.addCommand("May the selected write be rendered?", ask_about_selected)


def panel() -> Any:
    """A new panel widget on the cut that is set up. Its checks run on a thread of their own and call no Nuke."""
    from clearcut.bootstrap import CheckOptions, utc_now
    from clearcut.panel.asking import ask
    from clearcut.panel.presenter import Presenter
    from clearcut.panel.qt.window import PanelWindow

    window = PanelWindow(
        Presenter(utc_now),
        lambda edit, tell: ask(CheckOptions(edit=edit), tell),
        select_node=select_node,
        publish=lambda _shots: publish(),  # the gate asks again and holds back what is not cleared
        playhead=lambda: (shot_of(nuke.root()), nuke.frame()),
    )
    window.start(None)
    return window


def select_node(name: str) -> None:
    """Makes the node of that full name the only one that is selected; nothing when there is none."""
    wanted = nuke.toNode(name)
    if wanted is None:
        return
    for node in nuke.selectedNodes():
        node.setSelected(False)
    wanted.setSelected(True)


def publish() -> None:
    """Publishes with Pyblish and says what came of it."""
    from clearcut.publish import headless

    prepare_pyblish()
    result = headless.publish({"currentFile": nuke.root().name()})
    if result.exit_code == 0:
        nuke.message(f"Published: {', '.join(result.published)}")
    else:
        nuke.message("\n\n".join([*(f.message for f in result.failures), headless.last_word(result)]))


def ask_about_selected() -> None:
    """Says whether the selected write node may be rendered, and if not, why and whom to ask."""
    from clearcut.publish.single import require_clearance
    from clearcut.publish.stop import GateStop

    nodes = nuke.selectedNodes()
    if len(nodes) != 1:
        nuke.message("Select one write node")
        return
    try:
        require_clearance(shot_of(nodes[0]), live_scene(nodes[0]))
    except GateStop as stop:
        nuke.message(str(stop))
    else:
        nuke.message(f"{shot_of(nodes[0])} is cleared")
