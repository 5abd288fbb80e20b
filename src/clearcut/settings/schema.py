"""The rule file's JSON Schema (draft 2020-12), for editors that know TOML: completion and faults while one types.

Made from the table of keys. It says less than `clearcut rules check` does: what layers allow, floors and regular
expressions are no business of a schema.
"""

from __future__ import annotations

from typing import Any

from clearcut.core.reasons import CATALOGUE
from clearcut.core.rules import floor_of
from clearcut.core.verdict import Severity
from clearcut.settings.keys import ALL_NAMES, KEYS, Key, Kind, can_be_loosened

_LISTS = (Kind.TEXTS, Kind.CHOICES, Kind.PATTERNS)


def rule_file_schema() -> dict[str, Any]:
    """The schema, as plain JSON."""
    top: dict[str, Any] = _table("Clearcut's rule file, clearcut.toml")
    top = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://clearcut.example/schemas/clearcut.toml.json",
        **top,
    }
    top["properties"]["allow"] = {
        "description": "keys that lower layers may loosen, by name",
        "type": "array",
        "uniqueItems": True,
        "items": {"enum": sorted(name for name in ALL_NAMES if can_be_loosened(name))},
    }
    for key in KEYS.values():
        _place(top, key)
    severity = _severities()
    top["properties"]["severity"] = severity
    for kind in ("sequence", "department"):
        section = _table(f"rules for what lies in this {kind} alone")
        section["properties"]["severity"] = severity
        top["properties"][kind] = {
            "description": f"sections by {kind}, a glob each",
            "type": "object",
            "additionalProperties": section,
        }
    return top


def _table(description: str) -> dict[str, Any]:
    return {"description": description, "type": "object", "additionalProperties": False, "properties": {}}


def _place(top: dict[str, Any], key: Key) -> None:
    """Puts a key where it belongs, with the tables around it."""
    *tables, last = key.name.split(".")
    table = top
    for word in tables:
        table = table["properties"].setdefault(word, _table(f"[{word}]"))
    table["properties"][last] = _value(key)


def _value(key: Key) -> dict[str, Any]:
    one: dict[str, Any]
    if key.kind is Kind.FLAG:
        one = {"type": "boolean"}
    elif key.kind is Kind.WHOLE:
        one = {"type": "integer", "minimum": key.least, "maximum": key.most}
    elif key.choices:
        one = {"enum": list(key.choices)}
    else:
        one = {"type": "string", "minLength": 1}
    if key.kind is Kind.URL:
        one["pattern"] = "^https?://"
    if key.kind in _LISTS:
        one = {"type": "array", "items": one, "uniqueItems": True}
    shown = {"default": key.default} if key.default is not None else {}
    return {"description": key.meaning, **one, **shown}


def _severities() -> dict[str, Any]:
    table = _table("how bad a reason is, by its code (`clearcut explain`)")
    for code, entry in CATALOGUE.items():
        floor = floor_of(code)
        table["properties"][code] = {
            "description": entry.meaning,
            "enum": [severity.value for severity in Severity if severity.rank >= floor.rank],
            "default": entry.severity.value,
        }
    return table
