"""Which licences grant which atoms of a demand: products of sets, subtracted exactly and never written out.

A box is a product: one bit set per dimension. A licence that may grant at all grants one box; what no licence's box
holds is left over, as boxes again, and each atom left over is explained by the licence nearest to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, reduce
from itertools import product
from operator import and_, invert, or_
from typing import TypeVar

from clearcut.core.demand import NOTHING_NAMED, Demand
from clearcut.core.languages import grants
from clearcut.core.licence import Scope
from clearcut.core.places import WORLD, holders

Box = tuple[int, ...]
T = TypeVar("T")

# The dimensions in which a demand may hold several values, with the code of what is not granted there.
CODES = (
    "use-not-permitted",
    "alteration-not-permitted",
    "modality-not-permitted",
    "media-out-of-scope",
    "territory-out-of-scope",
    "language-out-of-scope",
)
_EVERYWHERE = (("*",), (WORLD,))
# Beyond these we would rather not answer than take for ever: the use becomes evaluation-error, which blocks.
MAX_BOXES = 20_000
MAX_ATOMS = 4096


class TooManyPartsError(Exception):
    """The licences of a use divide its demand into too many parts to go on."""


def values(demand: Demand) -> tuple[tuple[str, ...], ...]:
    """The demanded values in each dimension, in the order of `CODES`; bit i stands for the i-th."""
    return (
        demand.uses,
        demand.alterations,
        demand.modalities,
        demand.media,
        demand.territories,
        demand.languages,
    )


def granted(scope: Scope, demand: Demand) -> Box:
    """What of the demand a scope holds, dimension by dimension; 0 where it holds nothing."""
    return (
        _words(scope.uses, demand.uses),
        _words(scope.alterations, demand.alterations),
        _words(scope.modalities, demand.modalities),
        _words(scope.media, demand.media),
        _territories(scope.territories, demand.territories),
        _languages(scope.languages, demand.languages),
    )


def _mask(wanted: Sequence[str], held: Callable[[str], bool]) -> int:
    return sum(1 << place for place, value in enumerate(wanted) if held(value))


@lru_cache(maxsize=4096)
def _words(scope: tuple[str, ...], wanted: tuple[str, ...]) -> int:
    if scope == ("*",):
        return (1 << len(wanted)) - 1
    return _mask(wanted, lambda value: value == NOTHING_NAMED or value in scope)


def _territories(scope: tuple[str, ...], wanted: tuple[str, ...]) -> int:
    if scope in _EVERYWHERE:  # not looked up: that alone would look at each of 249 countries
        return (1 << len(wanted)) - 1
    return _countries(scope, wanted)


@lru_cache(maxsize=4096)
def _countries(scope: tuple[str, ...], wanted: tuple[str, ...]) -> int:
    held = frozenset(scope)
    return _mask(wanted, lambda value: not held.isdisjoint(holders(value)))


@lru_cache(maxsize=4096)
def _languages(scope: tuple[str, ...], wanted: tuple[str, ...]) -> int:
    return _mask(wanted, lambda value: grants(scope, value))


def subtract(boxes: Sequence[Box], hole: Box) -> tuple[list[Box], bool]:
    """What the boxes hold and `hole` does not, disjoint; and whether the hole took anything.

    Raises TooManyPartsError when the rest falls into too many boxes to go on.
    """
    left: list[Box] = []
    took = False
    for box in boxes:
        if box == hole:  # what most licences take: no box is empty
            took = True
            continue
        if not all(map(and_, box, hole)):
            left.append(box)
            continue
        took = True
        if not any(map(and_, box, map(invert, hole))):
            continue
        inner = list(box)
        for place, held in enumerate(hole):
            outside = inner[place] & ~held
            if outside:
                left.append((*inner[:place], outside, *inner[place + 1 :]))
            inner[place] &= held
    if len(left) > MAX_BOXES:
        raise TooManyPartsError
    return left, took


def alike(boxes: Sequence[Box], masks: Sequence[Box]) -> Iterator[Box]:
    """The boxes divided until every atom in one stands alike to each of `masks`.

    What would take more than `MAX_ATOMS` parts in all stays whole: then an explanation names more than it had to.
    """
    spent = 0
    # How a value stands to the masks is the same in every box.
    divided = [
        _classes(_either(at), {mask[place] for mask in masks})
        for place, at in enumerate(zip(*boxes, strict=True))
    ]
    for box in boxes:
        classes = [
            [part & bits for part in parts if part & bits] for bits, parts in zip(box, divided, strict=True)
        ]
        count = 1
        for each in classes:
            count *= len(each)
        spent += count
        if spent > MAX_ATOMS:
            yield box
        else:
            yield from product(*classes)


def _either(several: Iterable[int]) -> int:
    """The values that stand in any of the bit sets."""
    return reduce(or_, several)


def _classes(bits: int, masks: Iterable[int]) -> list[int]:
    classes = [bits]
    for mask in masks:
        classes = [part for one in classes for part in (one & mask, one & ~mask) if part]
    return classes


def named(bits: int, each: Sequence[str]) -> tuple[str, ...]:
    """The values that a bit set stands for."""
    return tuple(value for place, value in enumerate(each) if bits >> place & 1)
