"""Python in a script that Nuke would run when it loads or renders, and that could change what is used.

It is never run. Most of it makes folders or sets colours; what names a call that changes nodes makes the text of the
script an unsafe witness, and is a problem of the scene.
"""

from __future__ import annotations

import re

from clearcut.scene.nk.knobs import plain
from clearcut.scene.nk.script import Script

# Run on load or around a render, unasked. `knobChanged` and the like run only under a user's hand.
_RUN_UNASKED = ("onScriptLoad", "onCreate", "beforeRender", "beforeFrameRender")
_CHANGES = re.compile(
    r"\b(?:setValue|setValueAt|fromScript|fromDict|setExpression|setInput|connectInput|setText|readKnobs|evaluate|"
    r"createNode|nodePaste|scriptSource|scriptReadFile|tcl|exec|eval|execfile|__import__|importlib|getattr|setattr|"
    r"fromUserText|knobs|allKnobs|replace|swapOutNode|loadToolset|delete|globals|vars|compile|callback|addOnCreate)\b"
    r"|\[\s*[\"'](?:file|which|disable|proxy)[\"']\s*\]"
)

_IMPORT = re.compile(
    r"\bfrom[ \t]+([A-Za-z_][\w.]*)[ \t]+import\b"
    r"|(?:^|[;:\n])[ \t]*import[ \t]+([A-Za-z_][\w.]*(?:[ \t]*,[ \t]*[A-Za-z_][\w.]*)*)"
)
# What such Python imports to make folders and to say things. Any other module may hold what cannot be seen here.
_PLAIN_MODULES = frozenset(
    (
        *(
            "nuke",
            "nukescripts",
            "os",
            "sys",
            "re",
            "math",
            "time",
            "datetime",
            "errno",
            "platform",
            "string",
        ),
        *("random", "glob", "json", "getpass", "socket", "threading", "__future__"),
    )
)


def callbacks(script: Script) -> list[str]:
    """One problem for each node's callback that may change the graph, in the order of the script."""
    problems = []
    for node in (script.root, *script.nodes):
        for knob in _RUN_UNASKED:
            raw = node.knobs.get(knob)
            if raw and _may_change(plain(raw)):
                name = node.full or "Root"
                problems.append(f"{name}.{knob} holds Python that may change what is used; it was not run")
    return problems


def _may_change(python: str) -> bool:
    """Whether a text of Python names a call that changes nodes, or a module whose inside is not known."""
    imported = {
        name.strip().partition(".")[0]
        for origin, names in _IMPORT.findall(python)
        for name in (origin or names).split(",")
    }
    return _CHANGES.search(python) is not None or not imported <= _PLAIN_MODULES
