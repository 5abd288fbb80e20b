"""Looks at an XML file's declarations before anything parses it: entities can grow one line into gigabytes."""

from __future__ import annotations

from xml.parsers import expat

from clearcut.edit.faults import unreadable


class _RootReachedError(Exception):
    """The document's declarations are over; carries the root's name."""


def refuse_entities(raw: bytes) -> str:
    """The name of the root element. Raises EditError when the file declares an entity, names a DTD to fetch that holds some, or is no XML.

    Only the prologue is parsed, so that this costs nothing and expands nothing; whatever encoding it is in.
    """
    parser = expat.ParserCreate()
    parser.EntityDeclHandler = _refuse_entity
    parser.StartElementHandler = _stop
    try:
        parser.Parse(raw, True)
    except _RootReachedError as reached:
        return str(reached)
    except expat.ExpatError as error:
        raise unreadable(f"line {error.lineno}", f"not XML: {expat.ErrorString(error.code)}") from error
    raise unreadable("", "an XML file without any element")


def _refuse_entity(name: str, *_: object) -> None:
    raise unreadable("", f"the file declares the entity {name[:40]!r}: entities are not read")


def _stop(name: str, *_: object) -> None:
    raise _RootReachedError(name)
