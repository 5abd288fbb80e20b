"""A Nuke script as a Scene: its write nodes, what is upstream of each, what is upstream of none."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from pathlib import Path

from clearcut.core.scene import ReferenceState, Scene, SceneReference, Target
from clearcut.core.timing import FrameRange
from clearcut.errors import SceneError
from clearcut.scene.nk.callbacks import callbacks
from clearcut.scene.nk.carriers import REPLICA_KNOB, Carried, carried, identity, metadata, replicas
from clearcut.scene.nk.classes import REMARKS, WRITES, is_own
from clearcut.scene.nk.gizmos import expand
from clearcut.scene.nk.graph import Graph
from clearcut.scene.nk.knobs import Truth, number, plain, truth
from clearcut.scene.nk.links import values_on_links
from clearcut.scene.nk.places import Places
from clearcut.scene.nk.script import Node, Script, read_script, uncollected
from clearcut.scene.nk.words import TornError, line_at

# A studio's own write node (Toolkit's WriteTank, a RenderOut): what flows into it would else count as unused.
_SAYS_IT_WRITES = re.compile(r"write|render|export|publish|output", re.IGNORECASE)


def read_nk(
    content: bytes,
    path: str,
    sha256: str,
    gizmo_paths: Sequence[Path] = (),
    trusted_classes: Collection[str] = (),
) -> Scene:
    """The scene of a .nk file's bytes. Raises SceneError when it is no script, has no node, or is torn off.

    A trusted class needs no source; what it names in its knobs is listed as of any node, and one whose name says
    that it writes stays a target.
    """
    with uncollected():
        return _read(decode(content, path), path, sha256, gizmo_paths, trusted_classes)


def _read(
    text: str, path: str, sha256: str, gizmo_paths: Sequence[Path], trusted_classes: Collection[str]
) -> Scene:
    try:
        script = read_script(text)
    except TornError as torn:
        line = line_at(text, torn.offset)
        raise SceneError(
            f"the script ends inside {torn.opened} that opens here: it is torn off, or no Nuke script",
            where=f"{path}:{line}",
        ) from None
    except SceneError as error:
        raise SceneError(error.message, where=f"{path}, {error.where}") from None
    if not script.nodes:
        raise SceneError("no node in it: not a Nuke script, or an empty one", where=path)
    problems = [*_saved_by_itself(path), *script.problems, *values_on_links(script)]
    problems += [*expand(script, gizmo_paths), *callbacks(script)]
    for node in script.nodes:
        node.opaque = not node.children and not is_own(node.kind) and not _is_trusted(node, trusted_classes)
    return _scene(script, path, sha256, problems)


def _is_trusted(node: Node, trusted_classes: Collection[str]) -> bool:
    return node.kind in trusted_classes and _SAYS_IT_WRITES.search(node.kind) is None


def _saved_by_itself(path: str) -> list[str]:
    autosave = path.lower().endswith((".autosave", "~", ".bak"))
    return ["an autosave, not what was saved last: save the script and name that"] if autosave else []


def decode(content: bytes, path: str) -> str:
    """A script's text with newlines alone between lines. Raises SceneError on binary files.

    UTF-8; a line that is none is taken for Latin-1, alone: one byte in a remark must not respell every path.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            text = content.decode("utf-16")
        except UnicodeDecodeError:
            raise SceneError("neither text nor a Nuke script", where=path) from None
    elif b"\0" in content:
        raise SceneError("a binary file, not a Nuke script", where=path)
    else:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = "\n".join(map(_line, content.split(b"\n")))
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _line(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _scene(script: Script, path: str, sha256: str, problems: list[str]) -> Scene:
    graph, places = Graph(script), Places(script.root, path)
    # What the script as a whole claims counts for each of its targets.
    claimed = identity(script.root) if REPLICA_KNOB in script.root.knobs else ()
    of_all = _references(script.root, claimed, "", places)
    carriers = {n: found for n in script.nodes if n.kind not in REMARKS and (found := carried(n))}
    plainly_used = {n: _references(n, found, "", places) for n, found in carriers.items()}
    cloned = any(n.original is not None for n in carriers)
    asked_for = {i for n in script.nodes if n.kind not in REMARKS for i in n.inputs}
    targets: list[Target] = []
    seen: set[Node] = set()
    for node in script.nodes:
        if not _is_target(node) and not (
            node.opaque and node not in asked_for and _names_a_file(node, carriers)
        ):
            continue
        upstream = graph.upstream(node)
        references: list[SceneReference] = [*of_all]
        for carrier, found in carriers.items():
            why = upstream.get(carrier)
            if why is None:
                continue
            references.extend(_references(carrier, found, why, places) if why else plainly_used[carrier])
            # A clone bears its original's name: one of the two being used is enough.
            seen.add(carrier.original or carrier)
        if cloned:
            references = _without_twins(references)
        targets.append(Target(node.full, _output(node), tuple(references), _frames(node, script)))
    unused = [r for n in carriers if (n.original or n) not in seen for r in plainly_used[n]]
    return Scene(path, "nk", sha256, tuple(targets), tuple(_without_twins(unused)), tuple(problems))


def _is_target(node: Node) -> bool:
    """A write node that is not literally switched off; a foreign node whose class says that it writes is one too."""
    writes = node.kind in WRITES or (node.opaque and _SAYS_IT_WRITES.search(node.kind) is not None)
    return writes and truth(node.knobs.get("disable")) is not Truth.YES


def _names_a_file(node: Node, carriers: dict[Node, tuple[Carried, ...]]) -> bool:
    """Whether a foreign node at the end of a branch names a file: it may well be what writes it (`FileOut`)."""
    return any(node.inputs) and any(one.is_file and one.value for one in carriers.get(node, ()))


def _references(node: Node, found: tuple[Carried, ...], why: str, places: Places) -> list[SceneReference]:
    claimed, identities = replicas(node), metadata(node)
    references = []
    for one in found:
        file = one.value if one.is_file else None
        unsure = one.why or why or (places.why_open(file) if file else "")
        state = ReferenceState.UNKNOWN if unsure else ReferenceState.USED
        references.append(
            SceneReference(
                _shown_name(node),
                node.kind,
                one.knob,
                one.value,
                state,
                unsure,
                claimed,
                identities,
                places.also(file) if file else (),
            )
        )
    return references


def _without_twins(references: list[SceneReference]) -> list[SceneReference]:
    """The same thing said by a clone and by its original is said once: as used, where one of them is."""
    best: dict[tuple[str, str | None, str | None], SceneReference] = {}
    for one in references:
        key = (one.node, one.knob, one.value)
        if key not in best or best[key].state is ReferenceState.UNKNOWN:
            best[key] = one
    return list(best.values())


def _shown_name(node: Node) -> str:
    return (node.original.full if node.original is not None else node.full) or node.kind


def _output(node: Node) -> str | None:
    text = plain(node.knobs.get("file", "")).strip()
    return text or None


def _frames(node: Node, script: Script) -> FrameRange | None:
    """The frames it renders: its own limit, else the script's; None when either is an expression or not there."""
    knobs, first_knob, last_knob = script.root.knobs, "first_frame", "last_frame"
    if truth(node.knobs.get("use_limit")) is Truth.YES:
        knobs, first_knob, last_knob = node.knobs, "first", "last"
    if first_knob not in knobs or last_knob not in knobs:
        return None
    first, last = number(knobs[first_knob]), number(knobs[last_knob])
    if first is None or last is None or first != int(first) or last != int(last) or last < first:
        return None
    return FrameRange(int(first), int(last) + 1)
