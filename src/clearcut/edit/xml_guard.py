"""Looks at an XML file before anything parses it: entities, and elements without number, can grow into gigabytes."""

from __future__ import annotations

from xml.parsers import expat

from clearcut.edit.faults import unreadable

# Tags and attributes: some three gigabytes in memory. A clip has about 25 in FCPXML, and 120 in Final Cut 7's XML.
_MOST_SIGNS = 1 << 24


class _RootReachedError(Exception):
    """The document's declarations are over; carries the root's name."""


def refuse_entities(raw: bytes) -> str:
    """The name of the root element. Raises EditError when the file declares an entity, names a DTD to fetch that holds some, holds too much, or is no XML.

    Only the prologue is parsed, so that this costs nothing and expands nothing; whatever encoding it is in.
    """
    if raw.count(b"<") + raw.count(b"=") > _MOST_SIGNS:
        raise unreadable(
            "", "more elements and attributes than are read", remedy="export the edit in parts, a reel each"
        )
    parser = expat.ParserCreate()
    parser.EntityDeclHandler = _refuse_entity
    parser.StartElementHandler = _stop
    try:
        parser.Parse(raw, True)
    except _RootReachedError as reached:
        return str(reached)
    except expat.ExpatError as error:
        raise unreadable(f"line {error.lineno}", f"not XML: {expat.ErrorString(error.code)}") from error
    except (LookupError, ValueError) as error:  # a code that no XML is read in, or none at all
        raise unreadable("line 1", f"not XML: {error}") from error
    raise unreadable("", "an XML file without any element")


def _refuse_entity(name: str, *_: object) -> None:
    raise unreadable("", f"the file declares the entity {name[:40]!r}: entities are not read")


def _stop(name: str, *_: object) -> None:
    raise _RootReachedError(name)
