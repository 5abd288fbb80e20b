"""What a node carries: the files its knobs name, and the identities written on it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from clearcut.scene.nk.classes import FED_FROM_OUTSIDE, OTHER_SCRIPTS, WRITES
from clearcut.scene.nk.knobs import Truth, plain, truth, why_not_literal
from clearcut.scene.nk.script import Node
from clearcut.scene.texts import words

# Knobs that hold a file in Nuke's own nodes.
_FILE_KNOBS = frozenset(
    (
        *("file", "proxy", "modelFile", "vfield_file", "kernelSourceFile", "checkpointFile", "dataDirectory"),
        *("filename", "file_path", "abc_file", "importFile", "ocio_file", "lutfile", "cacheFile", "dmpFile"),
    )
)
# Knobs that hold text for people, code, or the look of the node.
_NO_FILE_KNOBS = frozenset(
    (
        *("label", "name", "help", "note_font", "autolabel", "icon", "knobChanged", "onCreate", "onDestroy"),
        *(
            "updateUI",
            "beforeRender",
            "afterRender",
            "beforeFrameRender",
            "afterFrameRender",
            "renderProgress",
        ),
        *("onScriptLoad", "onScriptSave", "onScriptClose", "kernelSource", "KernelDescription", "message"),
        *("recompileCount", "inputs", "disable", "which", "format", "proxy_format", "channels", "curves"),
        *("rebuild", "customOCIOConfigPath", "window", "tile_color"),
    )
)
_PATH = re.compile(
    r"(?:[A-Za-z]:[\\/]|[\\/~.]|[\w.\-]+[\\/]|\w+://).*\.[A-Za-z0-9]{2,11}(?: \d+-\d+)?", re.DOTALL
)
# A model file is a likeness in itself: even a bare name in any knob is listed.
_MODEL = re.compile(r"[^\n]*\.(?:cat|onnx|safetensors|pt|pth|ckpt)", re.IGNORECASE)
# What a raw value must have to be a path at all: most knobs are numbers and words and go no further.
_MAY_BE_PATH = re.compile(r"[/\\]|\.[A-Za-z]{2,11}[\"}\s]*\Z")
_USER_KNOB = re.compile(r"\{\s*(\d+)\s+(\"[^\"]*\"|\S+)")
_FILE_KNOB_TYPE = "2"
REPLICA_KNOB = "clearcut_replica"


@dataclass(frozen=True, slots=True)
class Carried:
    """One thing a node carries. `why` says why its value cannot be taken as it stands, "" when it can.

    `is_file` is false for an identity.
    """

    knob: str | None
    value: str | None
    why: str = ""
    is_file: bool = True


def carried(node: Node) -> tuple[Carried, ...]:
    """Every file a node names, in the order of its knobs; for what cannot be read, one with no knob.

    A node that names none but bears an identity gets one entry for it.
    """
    found: list[Carried] = []
    if node.opaque:
        found.append(Carried(None, None, f"the source of {node.kind} was not found"))
    declared = _declared_file_knobs(node)
    if node.kind not in WRITES or truth(node.knobs.get("reading")) is not Truth.NO:
        for knob, raw in node.knobs.items():
            is_file = knob in _FILE_KNOBS or knob in declared
            if not is_file and not ("/" in raw or "." in raw or "\\" in raw):
                continue
            if knob in _NO_FILE_KNOBS or not (is_file or _MAY_BE_PATH.search(raw)):
                continue
            value = plain(raw).strip()
            if value and (is_file or _looks_like_file(value)):
                found.append(Carried(knob, value, _why(node, raw)))
    if not found and node.kind in FED_FROM_OUTSIDE and not node.children:
        found.append(Carried(None, None, f"what {node.kind} shows comes from outside this script"))
    if not found:
        found.extend(identity(node))
    return tuple(found)


def _looks_like_file(value: str) -> bool:
    if len(value) > 4096 or "\n" in value:
        return False
    return ("/" in value or "\\" in value or "." in value) and bool(
        _PATH.fullmatch(value) or _MODEL.fullmatch(value)
    )


def _why(node: Node, raw: str) -> str:
    # What is saved inside a live group counts once somebody made it editable; before, Nuke takes it from the file.
    is_own = bool(node.children) and truth(node.knobs.get("modified")) is Truth.YES
    if node.kind in OTHER_SCRIPTS and not is_own:
        return f"what {node.kind} uses stands in another script"
    return why_not_literal(raw)


def identity(node: Node) -> tuple[Carried, ...]:
    """What a node bears without a file: the replica it claims, else the first identity a pipeline wrote on it."""
    if REPLICA_KNOB in node.knobs:
        raw = node.knobs[REPLICA_KNOB]
        if plain(raw).strip():
            return (Carried(REPLICA_KNOB, plain(raw).strip(), why_not_literal(raw), is_file=False),)
    named = metadata(node)
    return (Carried(named[0][0], named[0][1], is_file=False),) if named else ()


def _declared_file_knobs(node: Node) -> frozenset[str]:
    names: list[str] = []
    for raw in node.user_knobs:
        knob = _USER_KNOB.match(raw)
        if knob is not None and knob[1] == _FILE_KNOB_TYPE:
            names.append(knob[2].strip('"'))
    return frozenset(names)


def replicas(node: Node) -> tuple[str, ...]:
    """The replica ids a node itself claims, in the order written; none of an expression."""
    raw = node.knobs.get(REPLICA_KNOB, "")
    if not raw or why_not_literal(raw):
        return ()
    return tuple(dict.fromkeys(words(plain(raw))))


def metadata(node: Node) -> tuple[tuple[str, str], ...]:
    """Identities that a pipeline wrote on a node: `avalon:representation` as `ayon.` and `avalon.representation`."""
    pairs: list[tuple[str, str]] = []
    for knob, raw in node.knobs.items():
        if ":" not in knob:
            continue
        scheme, colon, key = knob.partition(":")
        value = plain(raw).strip()
        if not colon or not key or not value:
            continue
        pairs.append((f"{scheme}.{key}".replace(":", "."), value))
        if scheme == "avalon":
            # AYON writes its predecessor's names; a registry may use either.
            pairs.append((f"ayon.{key}", value))
    return tuple(pairs)
