"""What every list shares: where it goes on, how much a page holds, and what words a query may have."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, TypeVar

from litestar.params import Parameter

from clearcut.store.numbers import number_of

Row = TypeVar("Row")

Text = Annotated[str | None, Parameter(max_length=300, pattern=r"^[^\x00]*$")]
After = Annotated[
    int, Parameter(ge=0, le=999_999_999, description="The `next` of the page before; 0 for the first page.")
]
Limit = Annotated[int, Parameter(ge=1, le=1000, description="How many at most.")]


def shown(found: Sequence[Row], limit: int) -> tuple[Row, ...]:
    """What the page shows of what was found, which is one more than the limit where the list goes on."""
    return tuple(found[:limit])


def following(found: Sequence[Row], limit: int, letter: str) -> int | None:
    """What to give as `after` for the next page; None on the last. Rows have ids like `C-3`."""
    return number_of(str(getattr(found[limit - 1], "id", "")), letter) if len(found) > limit else None
