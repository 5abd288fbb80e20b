"""The JSON Schema of `clearcut.registry/1`, as its readers tell it while they read an example.

There is no second description of a record: a sheet that watches which fields a reader asks for, and as what, writes
the schema down. What a field takes besides (null, nothing at all) is found by trying it on the same reader.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from copy import deepcopy
from enum import Enum
from fractions import Fraction
from typing import Any, TypeVar

from clearcut.core import words
from clearcut.core.reasons import CATALOGUE
from clearcut.core.registry_records import Reader
from clearcut.core.sheet import Check, Sheet

Schema = dict[str, Any]
E = TypeVar("E", bound=Enum)
R = TypeVar("R")
V = TypeVar("V")

_TEXT: Schema = {"type": "string"}
_NAME: Schema = {"type": "string", "minLength": 1}
_DAY: Schema = {"type": "string", "format": "date"}
_MOMENT: Schema = {"type": "string", "format": "date-time"}
_SECONDS: Schema = {
    "anyOf": [{"type": "string", "pattern": r"^\d{1,18}([./]\d{1,18})?$"}, {"type": "integer", "minimum": 0}]
}
_VOCABULARIES = (words.USES, words.ALTERATIONS, words.DEPICTIONS, words.MODALITIES, words.MEDIA, CATALOGUE)


class _Watching(Sheet):
    """A sheet that writes down what it is asked for. Paths have `[]` for any place in a list."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: dict[str, Schema] = {}
        self.objects: dict[str, tuple[frozenset[str], frozenset[str]]] = {}

    def _note(self, path: str, key: str, schema: Schema) -> None:
        place = _anywhere(f"{path}.{key}")
        known = self.seen.setdefault(place, schema)
        if known != schema and schema not in known.get("anyOf", ()):
            # It takes the one or the other, by what stands there.
            self.seen[place] = {"anyOf": [*known.get("anyOf", [known]), schema]}

    def fields(
        self, record: object, path: str, every: frozenset[str], optional: frozenset[str] = frozenset()
    ) -> dict[str, Any]:
        self.objects[_anywhere(path)] = every, optional
        return super().fields(record, path, every, optional)

    def rows(self, record: Mapping[str, Any], key: str, path: str = "") -> list[Any]:
        self._note(path, key, {"type": "array"})
        return super().rows(record, key, path)

    def alike(
        self,
        row: R,
        path: str,
        read: Callable[[Sheet, str, R], V],
        of: Callable[[R], object] | None = None,  # noqa: ARG002  # every row is read, whatever it is like
    ) -> V:
        return read(self, path, row)

    def text(self, record: Mapping[str, Any], path: str, key: str, default: str = "") -> str:
        self._note(path, key, _TEXT)
        return super().text(record, path, key, default)

    def name(self, record: Mapping[str, Any], path: str, key: str) -> str:
        self._note(path, key, _NAME)
        return super().name(record, path, key)

    def truth(self, record: Mapping[str, Any], path: str, key: str) -> bool:
        self._note(path, key, {"type": "boolean"})
        return super().truth(record, path, key)

    def count(self, record: Mapping[str, Any], path: str, key: str) -> int:
        self._note(path, key, {"type": "integer", "minimum": 0})
        return super().count(record, path, key)

    def seconds_or_null(self, record: Mapping[str, Any], path: str, key: str) -> Fraction | None:
        self._note(path, key, _SECONDS)
        return super().seconds_or_null(record, path, key)

    def word(self, record: Mapping[str, Any], path: str, key: str, words: type[E]) -> E:
        self._note(path, key, {"enum": [member.value for member in words]})
        return super().word(record, path, key, words)

    def choice(self, record: Mapping[str, Any], path: str, key: str, known: tuple[str, ...]) -> str:
        self._note(path, key, {"enum": list(known)})
        return super().choice(record, path, key, known)

    def sha256(self, record: Mapping[str, Any], path: str, key: str, default: str = "") -> str:
        digits = "[0-9a-fA-F]{64}" if default else "([0-9a-fA-F]{64})?"
        self._note(path, key, {"type": "string", "pattern": f"^{digits}$"})
        return super().sha256(record, path, key, default)

    def day_or_null(self, record: Mapping[str, Any], path: str, key: str) -> Any:
        self._note(path, key, _DAY)
        return super().day_or_null(record, path, key)

    def moment(self, record: Mapping[str, Any], path: str, key: str) -> Any:
        self._note(path, key, _MOMENT)
        return super().moment(record, path, key)

    def moment_or_null(self, record: Mapping[str, Any], path: str, key: str) -> Any:
        self._note(path, key, _MOMENT)
        return super().moment_or_null(record, path, key)

    def moment_or_day(self, record: Mapping[str, Any], path: str, key: str, *, ends: bool) -> Any:
        self._note(path, key, _MOMENT)
        self._note(path, key, _DAY)
        return super().moment_or_day(record, path, key, ends=ends)

    def words(
        self, record: Mapping[str, Any], path: str, key: str, kind: str, check: Check, *, star: bool = False
    ) -> tuple[str, ...]:
        self._note(path, key, {"type": "array", "items": _words_of(check, star=star)})
        return super().words(record, path, key, kind, check, star=star)


def record_schema(read: Reader[Any], examples: Collection[Mapping[str, Any]]) -> Schema:
    """The schema of the records that a reader takes. The examples hold every field, and every kind of match."""
    sheet = _Watching()
    for example in examples:
        read(sheet, "$", example)
    if sheet.faults:
        raise ValueError(f"the example has faults: {sheet.faults[0]}")
    return _schema(sheet, read, list(examples), "$", [dict(one) for one in examples])


def _schema(sheet: _Watching, read: Reader[Any], examples: list[Any], path: str, values: list[Any]) -> Schema:
    """The schema of what stands at the path; `values` are the examples' values there."""
    known = sheet.seen.get(path)
    if known is not None and known.get("type") != "array":
        return known
    lists = [value for value in values if isinstance(value, list)]
    if known is not None and "items" in known:
        return known
    if lists and known is None:
        return {
            "type": "array",
            "items": {"type": "integer"},
            "minItems": 2,
            "maxItems": 2,
        }  # a range of frames
    if lists:
        rows = [row for value in lists for row in value]
        return {"type": "array", "items": _schema(sheet, read, examples, f"{path}[]", rows)}
    objects = [value for value in values if isinstance(value, dict)]
    keys = sorted({key for value in objects for key in value})
    every, optional = sheet.objects.get(path, (frozenset(keys), frozenset(keys)))
    properties = {}
    for key in sorted(every):
        inner = [value[key] for value in objects if value.get(key) is not None]
        schema = _schema(sheet, read, examples, f"{path}.{key}", inner)
        properties[key] = _or_null(schema) if _takes_null(read, examples, f"{path}.{key}") else schema
    made: Schema = {
        "type": "object",
        "properties": properties,
        "required": sorted(every - optional),
        "additionalProperties": False,
    }
    # What no reader asked for as a whole is a choice: one key names which.
    return made if path in sheet.objects else {**made, "minProperties": 1, "maxProperties": 1}


def _takes_null(read: Reader[Any], examples: list[Any], path: str) -> bool:
    """Whether the reader takes null there, in any of the examples."""
    steps = [step for step in re.split(r"\.|(\[\])", path.removeprefix("$")) if step]
    for example in deepcopy(examples):
        holders = [holder for holder in _holders(example, steps[:-1]) if steps[-1] in holder]
        for holder in holders:
            holder[steps[-1]] = None
        sheet = Sheet()
        read(sheet, "$", example)
        if holders and not sheet.faults:
            return True
    return False


def _holders(value: Any, steps: list[str]) -> list[dict[str, Any]]:
    if not steps:
        return [value] if isinstance(value, dict) else []
    if steps[0] == "[]":
        return (
            [found for one in value for found in _holders(one, steps[1:])] if isinstance(value, list) else []
        )
    return _holders(value.get(steps[0]), steps[1:]) if isinstance(value, dict) else []


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _words_of(check: Check, *, star: bool) -> Schema:
    """The closed vocabulary that the check takes, and nothing of another; any name where there is none."""
    taken = {word for vocabulary in _VOCABULARIES for word in vocabulary if check(word) is None}
    known = next((vocabulary for vocabulary in _VOCABULARIES if set(vocabulary) == taken), None)
    return _NAME if known is None else {"enum": [*known, *(["*"] if star else [])]}


def _anywhere(path: str) -> str:
    return re.sub(r"\[\d+\]", "[]", path)
