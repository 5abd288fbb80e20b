"""Ids that people count by: a letter and a number, `C-3`, `R-7`."""

from __future__ import annotations

from sqlalchemy import Connection, Table, func, select


def number_of(identity: str, letter: str) -> int:
    """The number in an id; 0, which nothing has, where it is no id of that letter."""
    digits = identity.removeprefix(f"{letter}-")
    # Nothing that people count reaches ten digits, and the database's integers end there.
    fits = digits != identity and digits.isascii() and digits.isdigit() and len(digits) < 10
    return int(digits) if fits else 0


def next_number(connection: Connection, table: Table) -> int:
    """The number of the row to be added; nobody else adds one in the caller's writing transaction."""
    return int(connection.execute(select(func.max(table.c.number))).scalar() or 0) + 1
