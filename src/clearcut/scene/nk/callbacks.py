"""Code in a script that Nuke would run when it loads or renders, and that could change what is used.

It is never run. Most of it makes folders, sets colours or reads other knobs; what names a call that changes nodes
makes the text of the script an unsafe witness, and is a problem of the scene.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from clearcut.scene.nk.knobs import plain
from clearcut.scene.nk.script import Node, Script

# Run on load or around a render, unasked. `knobChanged` and the like run only under a user's hand.
_RUN_BEFORE = ("onScriptLoad", "onCreate", "beforeRender", "beforeFrameRender")
# Run between frames and between write nodes: what they import mostly tells others, what they call here may change.
_RUN_BETWEEN = ("afterFrameRender", "afterRender", "renderProgress")
_CHANGES = re.compile(
    r"\b(?:setValue|setValueAt|fromScript|fromDict|setExpression|setInput|connectInput|setText|readKnobs|evaluate|"
    r"createNode|nodePaste|scriptSource|scriptReadFile|tcl|exec|eval|execfile|__import__|importlib|getattr|setattr|"
    r"fromUserText|knobs|allKnobs|replace|swapOutNode|loadToolset|delete|globals|vars|compile|callback|addOnCreate|"
    r"runIn|connectNodes)\b|\bnuke\.knob\s*\((?:[^(),]|\([^()]*\))*,"
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
        # The public Stamps: when one is created it sets its own title and flags.
        "stamps",
    )
)
_CALLBACKS = frozenset((*_RUN_BEFORE, *_RUN_BETWEEN))
# In an expression, Python that reads is a daily thing, and `eval`, `knobs` or `replace` are part of reading.
_PYTHON_HERE = re.compile(r"\[\s*python")
_EXPRESSION_CHANGES = re.compile(
    r"\b(?:setValue|setValueAt|fromScript|fromDict|fromUserText|setExpression|setInput|connectInput|readKnobs|"
    r"createNode|nodePaste|scriptSource|scriptReadFile|swapOutNode|loadToolset|exec|execfile|__import__|importlib|"
    r"getattr|setattr|(?<!-)eval|globals|tcl|runIn|connectNodes)\b|\bnuke\.knob\s*\((?:[^(),]|\([^()]*\))*,"
)
# TCL that changes knobs or wires, or brings in other text. `[knob a.b]` reads, `[knob a.b value]` writes.
_TCL_CHANGES = re.compile(
    r"\[\s*(?:source|load|eval|uplevel|exec|connect|delete|undo|script_\w+)\b"
    r"|\bknob\s+\S*?(?:file|proxy|which|disable|modelFile|inputs)[\"}]*\s+[^\s\]}]"
    r"|\bknob\s+(?!\S*\bicon\s)[^\s\[\]]+\s+[^\s\]]*/"
    r"|\[\s*input\s+(?:\[[^\[\]]*\]|[^\s\[\]]+)\s+\d+\s+[^\s\]]"
)
# TCL that computes which command it runs; to Python and JSON much the same is a list.
_COMPUTED_COMMAND = re.compile(r"\[\s*(?:\[\s*[a-z]\w*\s|\$\w|\{\s*\w+\s*\}|\"\w+\"\s+[^,\s])")
# Read by people or by Python alone: no brackets are evaluated in them.
_NOT_EVALUATED = frozenset(
    (
        *(*_CALLBACKS, "knobChanged", "updateUI", "autolabel", "onDestroy", "onScriptSave"),
        *("onScriptClose", "kernelSource", "KernelDescription", "help", "toolbox"),
    )
)


def callbacks(script: Script) -> list[str]:
    """One problem for each knob of a node whose code may change the graph, in the order of the script."""
    return [
        f"{node.full or 'Root'}.{knob} holds {what} that may change what is used; it was not run"
        for node in (script.root, *script.nodes)
        for knob, what in (*_callbacks_of(node), *_expressions_of(node))
    ]


def _callbacks_of(node: Node) -> Iterator[tuple[str, str]]:
    # The script's own knobs change by themselves while it renders, the frame first of all.
    run = _CALLBACKS if node.full else _CALLBACKS | {"knobChanged"}
    for knob in sorted(run & node.knobs.keys()):
        if _callback_may_change(knob, plain(node.knobs[knob])):
            yield knob, "Python"


def _expressions_of(node: Node) -> Iterator[tuple[str, str]]:
    for knob, raw in node.knobs.items():
        if "[" in raw and knob not in _NOT_EVALUATED and _expression_may_change(plain(raw)):
            yield knob, "an expression"


def _callback_may_change(knob: str, python: str) -> bool:
    if knob in _RUN_BEFORE:
        return _may_change(python)
    return _CHANGES.search(python) is not None


def _expression_may_change(text: str) -> bool:
    text = text.replace("\\", "")
    if _TCL_CHANGES.search(text) is not None:
        return True
    further = _EXPRESSION_CHANGES if _PYTHON_HERE.search(text) is not None else _COMPUTED_COMMAND
    return further.search(text) is not None


def _may_change(python: str) -> bool:
    """Whether a text of Python names a call that changes nodes, or a module whose inside is not known."""
    imported = {
        name.strip().partition(".")[0]
        for origin, names in _IMPORT.findall(python)
        for name in (origin or names).split(",")
    }
    return _CHANGES.search(python) is not None or not imported <= _PLAIN_MODULES
