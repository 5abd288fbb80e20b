"""What drawn objects are made of. Where a pointer may or may not reach the picture, it is followed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import bpy
from animation import actions_of

# What these point at takes no part in the picture as geometry: a camera's focus, the objects a light falls on.
_NO_GEOMETRY = (bpy.types.Camera, bpy.types.Light)
_GATHERING = (bpy.types.Scene, bpy.types.WindowManager, bpy.types.WorkSpace, bpy.types.Screen)
_NEVER_DRAWN = frozenset({"EMPTY", "ARMATURE", "LATTICE"})
_STACKS = ("modifiers", "grease_pencil_modifiers", "shader_effects")


class Relations:
    """What each datablock points at, and which collections each object and collection is in."""

    def __init__(self) -> None:
        self.points_at: dict[Any, set[Any]] = {}
        self.parents: dict[Any, list[Any]] = {}
        self.bodies: dict[Any, list[Any]] = {}
        for one in bpy.data.objects:
            self.bodies.setdefault(one.data, []).append(one)
        for used, users in bpy.data.user_map().items():
            for user in users:
                self.points_at.setdefault(user, set()).add(used)
        for collection in bpy.data.collections:
            # Blender's own `users_collection` looks through all collections for each object.
            for child in (*collection.children, *collection.objects):
                self.parents.setdefault(child, []).append(collection)


class Closure:
    """`ids`: all that is reached from what was shown."""

    def __init__(self, relations: Relations) -> None:
        self.ids: set[Any] = set()
        self._relations = relations
        self._followed: set[Any] = set()
        self._shown: dict[Any, bool] = {}

    def show(self, one: Any, *, whole: bool = False) -> None:
        """A drawn object; `whole` when nobody listed which of the objects that it instances are drawn."""
        todo = [(one, whole)]
        while todo:
            one, whole = todo.pop()
            if self._shown.get(one) in (True, whole):
                continue
            self._shown[one] = whole
            self.identify(one)
            todo += [(other, True) for part in _parts(one) for other in self._follow(part)]
            # The same body under another object's name is the same double, though what bears the claim is hidden.
            for twin in self._relations.bodies.get(one.data, ()) if one.data is not None else ():
                self.ids.add(twin)
            instanced = one.instance_collection
            if instanced is not None:
                self.identify(instanced)
                if whole:
                    todo += [(other, True) for other in instanced.all_objects]
            if whole and one.instance_type in ("VERTS", "FACES"):
                todo += [(other, True) for other in one.children]

    def use(self, block: Any) -> None:
        """A datablock that is used by itself, and the objects that it draws on."""
        if block is not None:
            for one in self._follow(block):
                self.show(one, whole=True)

    def identify(self, block: Any) -> None:
        """The datablock alone, with what says whose it is: what it overrides, its groups, what it follows."""
        todo = [block]
        while todo:
            one = todo.pop()
            if one is None or one in self.ids:
                continue
            self.ids.add(one)
            override = getattr(one, "override_library", None)
            todo.append(override.reference if override is not None else None)
            todo += actions_of(one)
            todo += self._relations.parents.get(one, ())
            if isinstance(one, bpy.types.Object):
                todo += [other for other in _leaders(one) if other.type in _NEVER_DRAWN]
                todo.append(one.data if one.type == "ARMATURE" else None)

    def _follow(self, block: Any) -> list[Any]:
        """A datablock and what it points at, and so on; gives the objects among them, which end the way."""
        objects: list[Any] = []
        todo = [block]
        while todo:
            block = todo.pop()
            if isinstance(block, bpy.types.Object):
                objects.append(block)
                continue
            if block in self._followed:
                continue
            self._followed.add(block)
            self.identify(block)
            if isinstance(block, bpy.types.Collection):
                objects += block.all_objects
                continue
            for other in self._relations.points_at.get(block, ()):
                gathers = isinstance(other, (bpy.types.Object, bpy.types.Collection))
                if not isinstance(other, _GATHERING) and not (gathers and isinstance(block, _NO_GEOMETRY)):
                    todo.append(other)
        return objects


def pointers(struct: Any) -> Iterator[Any]:
    """Every datablock that a struct points at, by its own properties and by custom ones."""
    for prop in struct.bl_rna.properties:
        if prop.type == "POINTER":
            value = getattr(struct, prop.identifier, None)
            if isinstance(value, bpy.types.ID):
                yield value
    try:
        values = [struct[key] for key in struct.keys()]  # noqa: SIM118 - Blender's structs are no dicts
    except TypeError:
        return
    yield from (value for value in values if isinstance(value, bpy.types.ID))


def _parts(one: Any) -> Iterator[Any]:
    # A picture on an Empty is for the artist's eye: no render shows it.
    if one.data is not None and one.type != "EMPTY":
        yield one.data
    yield from (slot.material for slot in one.material_slots if slot.material is not None)
    yield from (system.settings for system in getattr(one, "particle_systems", ()))
    for stack in _STACKS:
        for modifier in getattr(one, stack, ()):
            yield from pointers(modifier)
    # Motion out of a cache, or another action's.
    for constraint in _constraints(one):
        yield from (other for other in pointers(constraint) if not isinstance(other, bpy.types.Object))


def _constraints(one: Any) -> Iterator[Any]:
    yield from one.constraints
    for bone in one.pose.bones if one.pose is not None else ():
        yield from bone.constraints


def _leaders(one: Any) -> Iterator[Any]:
    """What an object follows: its parent and the targets of its constraints, those of its bones too."""
    if one.parent is not None:
        yield one.parent
    for constraint in _constraints(one):
        yield from (other for other in pointers(constraint) if isinstance(other, bpy.types.Object))
