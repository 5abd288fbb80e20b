"""Every file and identity of every datablock in the open .blend, whether a render shows it or not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import bpy

MOST_NESTED = 4
REPLICA_KEY = "clearcut_replica"
# Engines of Blender's own read what datablocks name and nothing else; others have ways of theirs.
OWN_ENGINES = frozenset(
    {"CYCLES", "BLENDER_EEVEE", "BLENDER_EEVEE_NEXT", "BLENDER_WORKBENCH", "BLENDER_WORKBENCH_NEXT"}
)


class Listed(NamedTuple):
    """A reference, whether any datablock uses its own, and "" or why its value cannot be told.

    `is_owned` is False for a file of which Blender does not say whose it is: it counts as used.
    """

    reference: Any
    has_users: bool
    why: str = ""
    is_owned: bool = True


def listed() -> list[Listed]:
    """All references, in the order of their names."""
    return sorted(_listed(), key=lambda one: (one.reference.node, one.reference.value or ""))


def problems_of(scene: Any) -> list[str]:
    """What cannot be told about the open file as a whole."""
    found = [f"library {lib.filepath} is missing" for lib in bpy.data.libraries if _is_missing(lib)]
    found += [
        f"{block.name} is missing in library {block.library.filepath}"
        for block in bpy.data.user_map()
        if block.library is not None and not _is_missing(block.library) and _is_missing(block)
    ]
    if scene.render.engine not in OWN_ENGINES:
        found.append(f"what the render engine {scene.render.engine} reads besides cannot be told")
    return found


def state_of(scene: Any) -> str:
    """Text that changes when what is listed, or what is plainly shown or hidden, does."""
    switches = [
        (thing.name_full, thing.hide_render, thing.users, getattr(thing, "instance_type", ""))
        for things in (bpy.data.objects, bpy.data.collections)
        for thing in things
    ]
    layers = [(layer.name, layer.use, _excluded(layer.layer_collection)) for layer in scene.view_layers]
    render = (
        scene.name_full,
        scene.frame_start,
        scene.frame_end,
        scene.use_nodes,
        scene.render.use_compositing,
    )
    return repr((render, _links(scene), switches, layers, listed()))


def _links(scene: Any) -> list[tuple[str, str]]:
    """What is connected in the compositor."""
    tree = scene.compositing_node_group if hasattr(scene, "compositing_node_group") else scene.node_tree
    return [] if tree is None else [(link.from_node.name, link.to_node.name) for link in tree.links]


def name_of(block: Any) -> str:
    """What a datablock is called in references: its type and full name, the library's included."""
    return f"{block.bl_rna.identifier}/{block.name_full}"


def _listed() -> Iterator[Listed]:
    from clearcut.core.scene import SceneReference

    paths, unowned = _paths()
    for path in sorted(unowned):
        yield Listed(SceneReference(f"File/{path}", "File", "filepath", path), has_users=True, is_owned=False)
    for block in bpy.data.user_map():
        node, kind = name_of(block), block.bl_rna.identifier
        properties = _identities(block)
        replicas = tuple(dict.fromkeys(properties.pop(REPLICA_KEY, ())))
        metadata = tuple(sorted((key, str(value)) for key, value in properties.items()))
        has_users = block.users > 0 or isinstance(block, bpy.types.Scene)
        files = sorted(paths.get(block, ())) or ([None] if replicas or metadata else [])
        for file in files:
            path = None if file is None else bpy.path.abspath(file, library=block.library)
            knob = None if file is None else "filepath"
            yield Listed(
                SceneReference(node, kind, knob, path, replicas=replicas, metadata=metadata), has_users
            )
        if isinstance(block, bpy.types.NodeTree):
            for path, why in _imports(block):
                reference = SceneReference(node, kind, "Path", path, replicas=replicas, metadata=metadata)
                yield Listed(reference, has_users, why)


def _paths() -> tuple[dict[Any, set[str]], set[str]]:
    """The files of each datablock, and those (before Blender 4.1) of which it is not known whose they are."""
    if hasattr(bpy.data, "file_path_map"):
        return bpy.data.file_path_map(include_libraries=True), set()
    owned: dict[Any, set[str]] = {}
    for block in bpy.data.user_map():
        path = getattr(block, "filepath", "")
        if path and not path.startswith("<"):
            owned[block] = {path}
    said = {bpy.path.abspath(path, library=block.library) for block, (path,) in owned.items()}
    return owned, {path for path in bpy.utils.blend_paths(absolute=True, packed=True) if path not in said}


def _identities(block: Any) -> dict[str, Any]:
    """Dotted keys and texts: its custom properties, what it is as an asset, where it is linked from."""
    found: dict[str, Any] = {}
    replicas: list[str] = []
    asset = getattr(block, "asset_data", None)
    for prefix, struct in (("", block), ("asset.", asset)):
        for key, value in _properties(struct) if struct is not None else ():
            if key.rpartition(".")[2] == REPLICA_KEY:
                replicas += _replicas(value)
            elif isinstance(value, str):
                found[prefix + key] = value
    if asset is not None:
        found |= {f"asset.tag.{tag.name}": tag.name for tag in asset.tags}
        found |= {
            f"asset.{key}": text
            for key in ("author", "description", "catalog_id")
            if (text := str(getattr(asset, key, ""))) and set(text) - set("0-")
        }
    if block.library is not None:
        found |= {"blender.datablock": block.name, "blender.library": block.library.name}
    if replicas:
        found[REPLICA_KEY] = replicas
    return found


def _properties(struct: Any, prefix: str = "", depth: int = 0) -> Iterator[tuple[str, Any]]:
    """Custom properties that are texts, and claims of replicas of any shape, by dotted key."""
    for key in struct.keys():  # noqa: SIM118 - Blender's datablocks are no dicts
        value = struct[key]
        if key == REPLICA_KEY:
            yield f"{prefix}{key}", value
        elif hasattr(value, "keys") and not isinstance(value, bpy.types.ID) and depth < MOST_NESTED:
            yield from _properties(value, f"{prefix}{key}.", depth + 1)
        elif isinstance(value, str):
            yield f"{prefix}{key}", value


def _replicas(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield from (part.strip() for part in value.split(",") if part.strip())
    elif isinstance(value, (list, tuple)) or (hasattr(value, "__iter__") and not _is_mapping(value)):
        yield from (str(part) for part in value)
    else:
        # A claim nobody can read is still a claim: an id that the registry does not know, and that hinders.
        yield str(value.to_dict() if hasattr(value, "to_dict") else value)


def _is_mapping(value: Any) -> bool:
    return isinstance(value, Mapping) or hasattr(value, "keys")


def _imports(tree: Any) -> Iterator[tuple[str | None, str]]:
    """Files that geometry nodes import (from 4.5 on): the path is a socket, and may be computed."""
    for node in tree.nodes:
        if not node.bl_idname.startswith("GeometryNodeImport"):
            continue
        socket = node.inputs.get("Path")
        if socket is None or socket.is_linked:
            yield None, f"the node {node.name} computes the path of what it imports"
        elif socket.default_value:
            yield bpy.path.abspath(socket.default_value, library=tree.library), ""


def _excluded(layer: Any) -> list[Any]:
    return [layer.name, layer.exclude, *(_excluded(child) for child in layer.children)]


def _is_missing(block: Any) -> bool:
    return bool(getattr(block, "is_missing", False))
