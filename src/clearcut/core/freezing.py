"""Frozen values made quickly, where there are very many of them.

A frozen dataclass writes each of its fields through `object.__setattr__`, which costs several times what making an
open one does. Here an open twin with the same slots is filled and then becomes the frozen class.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, fields, make_dataclass
from typing import Any, ParamSpec, TypeVar, cast

P = ParamSpec("P")
V = TypeVar("V")

# What a NamedTuple does when it is called, without the call in between: `new(FrameRange, (0, 5))` takes half as long.
# All its fields must be given, in their order, defaults too: nothing counts them.
new = tuple.__new__


def maker(kind: Callable[P, V]) -> Callable[P, V]:
    """What makes values of a frozen dataclass as calling it would; with positional arguments it is quickest.

    Raises TypeError for a class that does more than keep its fields when it is made.
    """
    frozen = cast("type[Any]", kind)
    _refuse_more(frozen)
    named = [
        (one.name, Any) if one.default is MISSING else (one.name, Any, one.default) for one in fields(frozen)
    ]

    def freeze(one: Any) -> None:
        one.__class__ = frozen

    # Nobody sees one before it is frozen; without a text of its own a dataclass has its signature looked up for one.
    own = {"__doc__": f"A {frozen.__name__} that is not frozen yet.", "__post_init__": freeze}
    twin = make_dataclass(
        f"_Open{frozen.__name__}", named, namespace=own, slots=True, repr=False, eq=False, match_args=False
    )
    return cast("Callable[P, V]", twin)


def _refuse_more(kind: type[Any]) -> None:
    if hasattr(kind, "__post_init__") or any(one.default_factory is not MISSING for one in fields(kind)):
        raise TypeError(f"{kind.__name__} does more than keep its fields")
