"""A USD stage as a Scene: what its composition really brings in, and what lies unselected or switched off beside it.

Needs usd-core (the extra `usd`), and runs in a child of its own (`usd`). The stage is opened with its payloads; active,
defined prims count, with the insides of instances and what relationships and connections point to, visible or not.
Variants that are not selected and inactive prims are unused. A layer that cannot be opened makes the scene
incomplete; Alembic is taken by its path.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from clearcut.core.scene import ReferenceState, Scene, SceneReference, Target
from clearcut.core.timing import FrameRange
from clearcut.errors import SceneError
from clearcut.scene.texts import is_file
from clearcut.scene.usd_identity import identity

# Formats that hold shapes and no further references: their path is all there is to know, plug-in or not.
_SHAPES_ALONE = (".abc", ".obj", ".ply", ".stl", ".vdb")
_NOT_OPENED = re.compile(r"Could not open asset @(.+?)@ for (\w+) introduced by @.*?@<(.*?)>")
_NO_SUBLAYER = re.compile(r"Could not load sublayer @(.+?)@")
_MAX_PROBLEMS = 50


def read_stage(path: Path, sha256: str) -> Scene:
    """The scene of a USD file, opened in this process. Raises SceneError when it cannot be opened."""
    from pxr import Tf, Usd, UsdUtils

    # USD prints its warnings to stderr; here they are problems of the scene.
    silence = UsdUtils.CoalescingDiagnosticDelegate()
    try:
        stage = Usd.Stage.Open(str(path))
    except Tf.ErrorException as error:
        raise SceneError(f"not a USD stage: {_first_line(error)}", where=str(path)) from None
    finally:
        silence.TakeUncoalescedDiagnostics()
    return _Stage(stage, path, sha256).scene()


def _first_line(error: Exception) -> str:
    found = re.search(r": '(.*?)'?\n", f"{error}\n")
    return (found[1] if found else str(error).strip().splitlines()[0])[:200]


class _Stage:
    """One opened stage on its way to a Scene."""

    def __init__(self, stage: Any, path: Path, sha256: str) -> None:
        self._stage = stage
        self._path = path
        self._sha256 = sha256
        self._used: dict[tuple[str, str | None, str | None], SceneReference] = {}
        self._unused: dict[tuple[str, str | None, str | None], SceneReference] = {}
        self._problems: list[str] = []

    def scene(self) -> Scene:
        for layer in self._stage.GetUsedLayers():
            self._layer(layer)
        for prim in self._rendered():
            self._prim(prim)
        self._errors()
        self._beside()
        unused = [r for key, r in self._unused.items() if key not in self._used]
        target = Target(self._path.name, None, tuple(self._used.values()), self._frames())
        return Scene(
            str(self._path),
            "usd",
            self._sha256,
            (target,),
            tuple(unused),
            tuple(self._problems[:_MAX_PROBLEMS]),
        )

    def _frames(self) -> FrameRange | None:
        if not self._stage.HasAuthoredTimeCodeRange():
            return None
        first, last = self._stage.GetStartTimeCode(), self._stage.GetEndTimeCode()
        return FrameRange(int(first), int(last) + 1) if last >= first else None

    def _rendered(self) -> Iterator[Any]:
        """Active, defined prims; the insides of instances once; and what these point to, wherever it stands.

        Prototypes of point instancers and materials often stand under an `over` or a class, which defines nothing by
        itself; one that is pointed to counts with all below it, and may point further.
        """
        from pxr import Usd

        seen: set[Any] = set()
        pointed_to: deque[Any] = deque()
        insides = (Usd.PrimRange(inside) for inside in self._stage.GetPrototypes())
        for prim in chain(self._stage.Traverse(), *insides):
            seen.add(prim.GetPath())
            pointed_to += _points_to(prim)
            yield prim
        while pointed_to:
            target = self._stage.GetPrimAtPath(pointed_to.popleft().GetPrimPath())
            for prim in Usd.PrimRange(target, Usd.PrimIsActive) if target else ():
                if prim.GetPath() not in seen:
                    seen.add(prim.GetPath())
                    pointed_to += _points_to(prim)
                    yield prim

    def _layer(self, layer: Any) -> None:
        """Sublayers are files too; a layer's own data may bear an identity."""
        replicas, metadata = identity(dict(layer.customLayerData), {})
        if layer in self._stage.GetLayerStack() and not layer.anonymous:
            if replicas or layer != self._stage.GetRootLayer():
                self._note(self._used, "/", "Layer", "subLayers", _place(layer), replicas, metadata)
            elif metadata:
                self._note(self._used, "/", "Layer", *metadata[0], metadata=metadata)

    def _prim(self, prim: Any) -> None:
        replicas, metadata = identity(prim.GetCustomData(), prim.GetAssetInfo(), prim)
        node = _name(prim)
        kind = prim.GetTypeName() or "Prim"
        before = len(self._used)
        for knob, layer in _arcs(prim):
            claimed, said = identity(dict(layer.customLayerData), {})
            self._note(self._used, node, kind, knob, _place(layer), (*replicas, *claimed), (*metadata, *said))
        for knob, value in (*_files(prim), *_identifier(prim)):
            self._note(self._used, node, kind, knob, value, replicas, metadata)
        if (replicas or metadata) and len(self._used) == before:
            knob, value = ("clearcut:replica", " ".join(replicas)) if replicas else metadata[0]
            self._note(self._used, node, kind, knob, value, replicas, metadata)

    def _note(
        self,
        where: dict[tuple[str, str | None, str | None], SceneReference],
        node: str,
        kind: str,
        knob: str | None,
        value: str | None,
        replicas: tuple[str, ...] = (),
        metadata: tuple[tuple[str, str], ...] = (),
        why: str = "",
    ) -> None:
        state = ReferenceState.UNKNOWN if why else ReferenceState.USED
        where.setdefault(
            (node, knob, value), SceneReference(node, kind, knob, value, state, why, replicas, metadata)
        )

    def _errors(self) -> None:
        """What could not be opened: under an inactive prim it does not matter, everywhere else it does."""
        for message in sorted({str(e) for e in self._stage.GetCompositionErrors()}):
            opened = _NOT_OPENED.search(message)
            sublayer = _NO_SUBLAYER.search(message)
            if opened is None:
                if sublayer is not None:
                    why = "the layer cannot be opened"
                    self._note(self._used, "/", "Layer", "subLayers", sublayer[1], why=why)
                self._problems.append(message[:300])
                continue
            value, knob, site = opened[1], opened[2] + "s" * (opened[2] == "reference"), opened[3]
            prim = self._stage.GetPrimAtPath(re.sub(r"\{[^}]*\}", "", site))
            if prim and not prim.IsActive():
                self._note(self._unused, site, prim.GetTypeName() or "Prim", knob, value)
            elif value.lower().endswith(_SHAPES_ALONE):
                replicas, metadata = (
                    identity(prim.GetCustomData(), prim.GetAssetInfo(), prim) if prim else ((), ())
                )
                kind = (prim.GetTypeName() if prim else "") or "Prim"
                self._note(self._used, site, kind, knob, value, replicas, metadata)
            else:
                self._note(self._used, site, "Prim", knob, value, why="the layer cannot be opened")
                self._problems.append(message[:300])

    def _beside(self) -> None:
        """What is written but not composed: inactive prims, and variants that are not selected."""
        from pxr import Usd

        for prim in Usd.PrimRange.Stage(self._stage, ~Usd.PrimIsAbstract):
            specs = prim.GetPrimStack()
            if not prim.IsActive():
                for spec in specs:
                    self._written(spec, str(prim.GetPath()))
            for spec in specs if prim.HasVariantSets() else ():
                self._variants(prim, spec)

    def _variants(self, prim: Any, spec: Any) -> None:
        for name, variants in spec.variantSets.items():
            chosen = prim.GetVariantSet(name).GetVariantSelection()
            for variant in variants.variants.values():
                if variant.name != chosen:
                    self._written(variant.primSpec, f"{prim.GetPath()}{{{name}={variant.name}}}")

    def _written(self, top: Any, node: str) -> None:
        """The references in a spec and below it, without composing them."""
        from pxr import Sdf

        stack = [top]
        while stack:
            spec = stack.pop()
            for knob, listed in (("references", spec.referenceList), ("payload", spec.payloadList)):
                for item in listed.GetAppliedItems():
                    if item.assetPath:
                        place = Sdf.ComputeAssetPathRelativeToLayer(spec.layer, item.assetPath)
                        self._note(self._unused, node, spec.typeName or "Prim", knob, place)
            stack.extend(spec.nameChildren)
            for variants in spec.variantSets.values() if spec != top else ():
                stack.extend(v.primSpec for v in variants.variants.values())


def _points_to(prim: Any) -> list[Any]:
    """The paths that a prim's relationships and connections lead to; a proxy's full model is no part of it."""
    found: list[Any] = []
    for relationship in prim.GetAuthoredRelationships():
        if relationship.GetName() != "proxyPrim":
            found += relationship.GetForwardedTargets()
    for attribute in prim.GetAuthoredAttributes():
        if attribute.HasAuthoredConnections():
            found += attribute.GetConnections()
    return found


def _name(prim: Any) -> str:
    """A prim's path; inside an instance's prototype, that of its first instance."""
    if not prim.IsInPrototype() or prim.IsPrototype():
        instances = prim.GetInstances() if prim.IsPrototype() else []
        return str(instances[0].GetPath()) if instances else str(prim.GetPath())
    prototype = prim
    while not prototype.IsPrototype():
        prototype = prototype.GetParent()
    instances = prototype.GetInstances()
    below = str(prim.GetPath())[len(str(prototype.GetPath())) :]
    return (str(instances[0].GetPath()) if instances else str(prototype.GetPath())) + below


def _arcs(prim: Any) -> Iterator[tuple[str, Any]]:
    """Layers that references and payloads bring in at this very prim, with what brought them."""
    from pxr import Pcp, Usd

    # Most prims have none, and a query costs.
    if not (
        prim.HasAuthoredReferences()
        or prim.HasAuthoredPayloads()
        or prim.HasVariantSets()
        or prim.HasAuthoredInherits()
        or prim.HasAuthoredSpecializes()
    ):
        return
    names = {Pcp.ArcTypeReference: "references", Pcp.ArcTypePayload: "payload"}
    for arc in Usd.PrimCompositionQuery(prim).GetCompositionArcs():
        if arc.GetArcType() not in names or arc.IsAncestral():
            continue
        # An internal reference brings in no file.
        if arc.GetTargetLayer() == arc.GetIntroducingLayer():
            continue
        yield names[arc.GetArcType()], arc.GetTargetLayer()
        for layer in arc.GetTargetNode().layerStack.layers[1:]:
            yield "subLayers", layer


def _place(layer: Any) -> str:
    return str(layer.identifier)


def _files(prim: Any) -> Iterator[tuple[str, str]]:
    """Asset-valued attributes and texts that are paths, at their default and every time sample, and value clips."""
    for attribute in prim.GetAuthoredAttributes():
        kind = str(attribute.GetTypeName())
        if not kind.startswith(("asset", "string", "token")):
            continue
        values = [attribute.Get(), *(attribute.Get(time) for time in attribute.GetTimeSamples())]
        stack = attribute.GetPropertyStack()
        for place in dict.fromkeys(p for value in values for p in _assets(value)):
            # Renderers' own nodes name their files in plain texts.
            if not kind.startswith("asset") and not is_file(place):
                continue
            # What is not there (a frame pattern, a UDIM) has no resolved path: it is relative to where it is written.
            yield attribute.GetName(), stack[0].layer.ComputeAbsolutePath(place) if stack else place
    clips = prim.GetMetadata("clips")
    for clip in clips.values() if clips else ():
        for key in ("assetPaths", "manifestAssetPath", "templateAssetPath"):
            for place in _assets(clip.get(key)):
                yield f"clips.{key}", place


def _identifier(prim: Any) -> Iterator[tuple[str, str]]:
    """The asset that a prim says it is: all that a flattened stage still tells."""
    identifier = _asset(prim.GetAssetInfo().get("identifier", ""))
    if is_file(identifier):
        yield "assetInfo:identifier", identifier


def _assets(value: Any) -> Iterable[str]:
    if value is None:
        return []
    many = [value] if isinstance(value, str) or hasattr(value, "path") else list(value)
    return [found for one in many if (found := _asset(one))]


def _asset(one: Any) -> str:
    # An expression (`"${WHO}/skin.exr"`) is as written in `path`; a frame pattern or a UDIM has no resolved path.
    return str(
        getattr(one, "resolvedPath", "") or getattr(one, "evaluatedPath", "") or getattr(one, "path", one)
    )
