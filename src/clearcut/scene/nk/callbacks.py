"""Code in a script that Nuke would run when it loads or renders, and that could change what is used.

It is never run. Most of it makes folders, sets colours or reads other knobs; what names a call that changes nodes, or
before a render anything that is not known to be harmless (`python_text`), makes the text of the script an unsafe
witness, and is a problem of the scene.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from clearcut.scene.nk.knobs import plain
from clearcut.scene.nk.python_text import is_harmless
from clearcut.scene.nk.script import Node, Script

# Run on load or around a render, unasked. `knobChanged` and the like run only under a user's hand.
_RUN_BEFORE = ("onScriptLoad", "onCreate", "beforeRender", "beforeFrameRender")
# Run between frames and between write nodes: what they import mostly tells others, what they call here may change.
_RUN_BETWEEN = ("afterFrameRender", "afterRender", "renderProgress")
# Run by a window whenever it draws the node.
_RUN_WHEN_DRAWN = ("autolabel", "updateUI")
# What changes nodes, runs what stands elsewhere, or gets at either by a computed name; wherever Python stands.
_CHANGES_ANYWHERE = (
    r"setValue|setValueAt|fromScript|fromDict|fromUserText|setExpression|setInput|connectInput|readKnobs|createNode|"
    r"nodePaste|scriptSource|scriptReadFile|swapOutNode|loadToolset|exec|execfile|__import__|importlib|getattr|"
    r"setattr|globals|tcl|runIn|connectNodes|execute|executeInMainThread\w*|undo|redo|invoke|setAnimated|addKey|"
    r"setKey\w*|copyAnimations?|knobDefault|__getattribute__|__dict__|nuke\.(?:nodes\.|load\b|expression\b|clone\b)"
)
_KNOB_SET = r"\bnuke\.knob\s*\((?:[^(),]|\([^()]*\))*,"
_CHANGES = re.compile(
    rf"\b(?:{_CHANGES_ANYWHERE}|setText|evaluate|eval|knobs|allKnobs|replace|delete|vars|compile|callback|"
    rf"addOnCreate)\b|{_KNOB_SET}"
    r"|\[\s*[\"'](?:file|which|disable|proxy)[\"']\s*\]"
)
_CALLBACKS = frozenset((*_RUN_BEFORE, *_RUN_BETWEEN, *_RUN_WHEN_DRAWN))
# In an expression, Python that reads is a daily thing, and `eval`, `knobs` or `replace` are part of reading.
_PYTHON_HERE = re.compile(r"\[\s*python")
_EXPRESSION_CHANGES = re.compile(rf"\b(?:{_CHANGES_ANYWHERE}|(?<!-)eval)\b|{_KNOB_SET}")
# TCL that changes knobs or wires, or brings in other text. `[knob a.b]` reads, `[knob a.b value]` writes.
_TCL_CHANGES = re.compile(
    r"\[\s*(?:source|load|eval|uplevel|exec|connect|delete|undo|redo|script_\w+|rename|interp|namespace|apply|trace|"
    r"foreach|subst|push|clone|stack|extract|autoplace|knobs|nodepaste)(?![\w.])"
    # a class makes a node
    r"|\[\s*[A-Z]\w*\s+\{"
    r"|\bknob\s+\S*?(?:file|proxy|which|disable|modelFile|inputs)[\"}]*\s+[^\s\]}]"
    r"|\bknob\s+(?!\S*\bicon\s)[^\s\[\]]+\s+[^\s\]]*/"
    # any other command that is given such a knob and something to put there
    r"|\[\s*\w+\s+(?:-\w+\s+)*[\w.]+\.(?:file|proxy|which|disable|modelFile)\s+[\w\"{/\[$-]"
    # a knob by a computed name, and a value
    r"|\bknob\s+(?:-\w+\s+)?[^\s\[\]]*\[(?:[^\[\]]|\[(?:[^\[\]]|\[[^\[\]]*\])*\])*\][^\s\]]*\s+[^\s\]]"
    r"|\bknob\s+(?:-\w+\s+)?[^\s\[\]]*\$[^\s\]]*\s+[^\s\]]"
    r"|\[\s*input\s+(?:\[[^\[\]]*\]|[^\s\[\]]+)\s+\d+\s+[^\s\]]"
)
# TCL that computes which command it runs; to Python and JSON much the same is a list.
_COMPUTED_COMMAND = re.compile(r"\[\s*(?:\[\s*[a-z]\w*\s|\$\w|\{\s*\w+\s*\}|\"\w+\"\s+[^,\s])")
# Read by people or by Python alone: no brackets are evaluated in them.
_NOT_EVALUATED = frozenset(
    (
        *(*_CALLBACKS, "knobChanged", "onDestroy", "onScriptSave"),
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
    if knob in _RUN_WHEN_DRAWN:
        return _EXPRESSION_CHANGES.search(python) is not None
    if _CHANGES.search(python) is not None:
        return True
    return knob in _RUN_BEFORE and not is_harmless(python)


def _expression_may_change(text: str) -> bool:
    text = text.replace("\\", "")
    if _TCL_CHANGES.search(text) is not None:
        return True
    further = _EXPRESSION_CHANGES if _PYTHON_HERE.search(text) is not None else _COMPUTED_COMMAND
    return further.search(text) is not None
