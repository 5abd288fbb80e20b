"""What is said when an edit cannot be read: always with a stable code, its place and what to do."""

from __future__ import annotations

from clearcut.errors import EditError

# A place in the file as text, or as parts of one: joining them for every object of a cut costs more than reading it.
Place = str | tuple[object, ...]


def spelled(place: Place) -> str:
    """The place as people read it: `tracks[0].children[12].source_range`."""
    text = place if isinstance(place, str) else "".join(_part(part) for part in place)
    return text.removeprefix(".")


def _part(part: object) -> str:
    return spelled(part) if isinstance(part, tuple) else str(part)


def unreadable(place: Place, message: str, *, remedy: str = "export the edit again") -> EditError:
    """`cut-unreadable` at a place in the file (`tracks[0].children[12].source_range`), to be raised."""
    return EditError(message, where=spelled(place), code="cut-unreadable", remedy=remedy)


def missing(path: str, message: str = "there is no such edit") -> EditError:
    """`cut-missing`, to be raised."""
    return EditError(message, where=path, code="cut-missing", remedy="name the edit file that is meant")


def rate_unknown(
    place: Place, message: str, *, remedy: str = "say the rate, as in `--rate 24000/1001`"
) -> EditError:
    """`rate-unknown`, to be raised."""
    return EditError(message, where=spelled(place), code="rate-unknown", remedy=remedy)


def in_file(error: EditError, path: str) -> EditError:
    """The same error with the file's path before the place in it."""
    where = f"{path}: {error.where}" if error.where and error.where != path else path
    return EditError(error.message, where=where, code=error.code, who=error.who, remedy=error.remedy)


def shown(value: object, longest: int = 60) -> str:
    """A foreign value for a message: quoted, and never longer than `longest` characters."""
    text = repr(value[: longest + 1]) if isinstance(value, (str, bytes)) else _short_repr(value)
    return text if len(text) <= longest else f"{text[: longest - 3]}..."


def _short_repr(value: object) -> str:
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, int) and not -(10**18) < value < 10**18:
        return "a huge number"
    return repr(value)
