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


def open_twin(kind: type[Any]) -> Any:
    """A class with the fields, defaults and slots of a frozen dataclass, whose values are not frozen yet.

    They are once their `__class__` is set to the frozen one. Raises TypeError for a class that does more than keep
    its fields when it is made.
    """
    _refuse_more(kind)
    named = [
        (one.name, Any) if one.default is MISSING else (one.name, Any, one.default) for one in fields(kind)
    ]
    # Nobody sees one before it is frozen; without a text of its own a dataclass has its signature looked up for one.
    own = {"__doc__": f"A {kind.__name__} that is not frozen yet."}
    return make_dataclass(
        f"_Open{kind.__name__}", named, namespace=own, slots=True, repr=False, eq=False, match_args=False
    )


def _refuse_more(kind: type[Any]) -> None:
    if hasattr(kind, "__post_init__") or any(one.default_factory is not MISSING for one in fields(kind)):
        raise TypeError(f"{kind.__name__} does more than keep its fields")


def maker(kind: Callable[P, V]) -> Callable[P, V]:
    """What makes values of a frozen dataclass as calling it would; with positional arguments it is quickest."""
    twin: Callable[..., Any] = open_twin(cast("type[Any]", kind))

    def make(*args: P.args, **kwargs: P.kwargs) -> V:
        one = twin(*args, **kwargs)
        one.__class__ = kind
        return one  # type: ignore[no-any-return]  # it is of that class now

    return make
