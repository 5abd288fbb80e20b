"""`clearcut.registry/1` to `Registry`: complete and strict, every fault at once with its path (interface.md).

Where silence could only make things stricter a key may be absent (no evidence, no birth date, no delivery profile);
where silence would grant something (no cap, nothing forbidden, no approval needed) it must be written.
Whether a registry is wise is `registry_review`'s business; writing it is `registry_write`'s.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, TypeVar

from clearcut.core import registry_records as records
from clearcut.core.collector import collector_off
from clearcut.core.licence import Licence
from clearcut.core.registry import Registry
from clearcut.core.registry_write import registry_to_json
from clearcut.core.sheet import NotANumber, Sheet, Twice, bad_name
from clearcut.errors import Fault, RegistryError

__all__ = ["SCHEMA", "parse_registry", "registry_from_json", "registry_to_json"]

SCHEMA = "clearcut.registry/1"
T = TypeVar("T")

_SECTIONS = (
    "performers", "authorities", "replicas", "assets", "not_replicas", "productions", "licences",
    "approvals", "exemptions", "suspensions", "waivers",
)  # fmt: skip
_TOP = frozenset(("schema", *_SECTIONS))
_BLANKS = " \t\n\r"  # all that JSON allows between a key and its colon
_LONE_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def parse_registry(text: str | bytes, *, where: str = "") -> Registry:
    """The registry that a file holds. `where` names the file in messages.

    Raises RegistryError with every fault and its path, in the order of reading.
    """
    with collector_off():
        written = _decoded(text, where)
        # The plain way tells every fault and its place.
        return _at_once(written) or registry_from_json(_loads(written, where), where=where)


def registry_from_json(document: object, *, where: str = "") -> Registry:
    """The registry of an already decoded document; duplicate keys are seen only when `parse_registry` decoded it.

    Raises RegistryError with every fault and its path, in the order of reading.
    """
    sheet = Sheet()
    top, registry = _read(sheet, document, records.licence)
    if sheet.faults or not _whole(registry):
        sheet.faults.extend(_dangling(top, registry))
    if sheet.faults:
        raise RegistryError(tuple(sheet.faults), where=where)
    return registry


def _read(
    sheet: Sheet, document: object, licence: records.Reader[Licence]
) -> tuple[Mapping[str, Any], Registry]:
    """The document's sections and what they hold; ids may still name nothing."""
    top = sheet.fields(document, "", _TOP, frozenset(_SECTIONS))
    if top and top.get("schema", SCHEMA) != SCHEMA:
        sheet.fault("schema", f"expected {SCHEMA!r}")
    return top, Registry(
        performers=_by_id(sheet, top, "performers", records.performer),
        authorities=_by_id(sheet, top, "authorities", records.authority),
        replicas=_by_id(sheet, top, "replicas", records.replica),
        assets=_listed(sheet, top, "assets", records.asset),
        not_replicas=_listed(sheet, top, "not_replicas", records.not_replica),
        productions=_by_id(sheet, top, "productions", records.production),
        licences=_by_id(sheet, top, "licences", licence),
        approvals=_listed(sheet, top, "approvals", records.approval),
        exemptions=_by_id(sheet, top, "exemptions", records.exemption),
        suspensions=_by_id(sheet, top, "suspensions", records.suspension),
        waivers=_by_id(sheet, top, "waivers", records.waiver),
    )


def dangling(registry: Registry, document: Mapping[str, Any]) -> tuple[Fault, ...]:
    """Ids in the document that name nothing in the registry, by their paths in the document.

    The document may be a part of the registry: the sections that are to be looked at, as `registry_to_json` has them.
    """
    return () if _whole(registry) else tuple(_dangling(document, registry))


def _decoded(text: str | bytes, where: str) -> str:
    try:
        if isinstance(text, bytes):
            text = text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RegistryError((Fault("", f"not UTF-8 text: {error.reason}"),), where=where) from error
    if not text.strip():
        raise RegistryError((Fault("", "the file is empty"),), where=where)
    return text.removeprefix("\ufeff")


def _loads(text: str, where: str) -> object:
    try:
        document = json.loads(text, object_pairs_hook=_pairs, parse_constant=lambda _: NotANumber())
        if _may_hold_halves(text):
            json.dumps(document, ensure_ascii=False, default=str).encode()
    except UnicodeEncodeError as error:
        raise RegistryError((Fault("", "half of a surrogate pair in a text"),), where=where) from error
    except json.JSONDecodeError as error:
        place = f"line {error.lineno} column {error.colno}"
        raise RegistryError((Fault("", f"not JSON: {error.msg} at {place}"),), where=where) from error
    except RecursionError as error:
        raise RegistryError((Fault("", "nested too deeply"),), where=where) from error
    except ValueError as error:  # a number of more digits than Python reads
        raise RegistryError((Fault("", f"not JSON we can read: {error}"),), where=where) from error
    return document


def _may_hold_halves(text: str) -> bool:
    """Whether a character is written as two escapes: of JSON alone can be told whether each has its other half."""
    return "\\" in text and _LONE_SURROGATE.search(text) is not None


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) == len(pairs):
        return record
    doubled = Twice(record)
    keys = [key for key, _ in pairs]
    doubled.keys_twice = tuple(sorted({key for key in keys if keys.count(key) > 1}))
    return doubled


def _at_once(text: str) -> Registry | None:
    """The registry of a text in which nothing is wrong; None where anything is, or may be.

    A licence becomes one as soon as its JSON is read, and its JSON is let go. That never makes a fault right: a
    licence that has one stays JSON, and one that stands anywhere but among the licences is refused there, for it is
    no JSON that any field takes.
    """
    if _may_hold_halves(text):
        return None
    sheet, keys = Sheet(), 0

    def made(record: dict[str, Any]) -> object:
        nonlocal keys
        keys += len(record)
        if "licensees" in record:  # nothing else has any
            grant = records.licence(sheet, "", record)
            if not sheet.faults:
                return grant
            sheet.faults.clear()
        return record

    try:
        document = json.loads(text, object_hook=made, parse_constant=lambda _: NotANumber())
    except (ValueError, RecursionError):
        return None
    if keys != _keys_in(text):
        return None
    registry = _read(sheet, document, _licence)[1]
    return registry if not sheet.faults and _whole(registry) else None


def _keys_in(text: str) -> int:
    """How many keys are written in it, those that stand twice as two: never fewer, for a text may look like a key."""
    if any(blank in text and f"{blank}:" in text for blank in _BLANKS):
        return text.encode("utf-8", "surrogatepass").translate(None, _BLANKS.encode()).count(b'":')
    return text.count('":')


def _licence(sheet: Sheet, path: str, row: object) -> Licence:
    return row if isinstance(row, Licence) else records.licence(sheet, path, row)


def _by_id(sheet: Sheet, top: Mapping[str, Any], section: str, read: records.Reader[T]) -> dict[str, T]:
    """One section with ids, sorted by id. A record with a fault keeps its id, so that others may name it."""
    found: dict[str, T] = {}
    first: dict[str, int] = {}
    for index, row in enumerate(sheet.rows(top, section)):
        path = f"{section}[{index}]"
        value = read(sheet, path, row)
        name = value.id  # type: ignore[attr-defined]  # every record of these sections has one
        if name in found:
            sheet.fault(f"{path}.id", f"{name!r} is the id of {section}[{first[name]}] too")
        elif name:
            found[name] = value
            first[name] = index
    return {name: found[name] for name in sorted(found)}


def _listed(sheet: Sheet, top: Mapping[str, Any], section: str, read: records.Reader[T]) -> tuple[T, ...]:
    return tuple(
        read(sheet, f"{section}[{index}]", row) for index, row in enumerate(sheet.rows(top, section))
    )


# section, key, where the id must be found; a key with a dot is one level deeper. "*" alone names all.
_NAMES = (
    ("authorities", "performer", "performers"),
    ("replicas", "performer", "performers"),
    ("assets", "replica", "replicas"),
    ("licences", "performer", "performers"),
    ("licences", "replicas", "replicas"),
    ("licences", "authority", "authorities"),
    ("licences", "scope.productions", "productions"),
    ("approvals", "licence", "licences"),
    ("exemptions", "production", "productions"),
    ("exemptions", "replica", "replicas"),
    ("waivers", "production", "productions"),
)
_SUSPENDED = {"production": "productions", "performer": "performers", "licence": "licences"}


def _whole(registry: Registry) -> bool:
    """Whether every id in it names something: quickly, without saying where."""
    r, licences = registry, registry.licences.values()
    people, replicas = r.performers.keys(), r.replicas.keys()
    productions = {
        name for each in {one.scope.productions for one in licences} if each != ("*",) for name in each
    }
    return (
        {one.performer for one in r.authorities.values()} <= people
        and {one.performer for one in r.replicas.values()} - {None} <= people
        and {one.replica for one in r.assets} <= replicas
        and {one.performer for one in licences} <= people
        and {name for one in licences if one.replicas != ("*",) for name in one.replicas} <= replicas
        and {one.authority for one in licences} - {None} <= r.authorities.keys()
        and productions <= r.productions.keys()
        and {one.licence for one in r.approvals} <= r.licences.keys()
        and {one.production for one in r.exemptions.values()} <= r.productions.keys()
        and {one.replica for one in r.exemptions.values()} <= replicas
        and {one.production for one in r.waivers.values()} <= r.productions.keys()
        and all(
            one.value in getattr(r, _SUSPENDED[one.kind])
            for one in r.suspensions.values()
            if one.kind in _SUSPENDED
        )
    )


def _dangling(top: Mapping[str, Any], registry: Registry) -> Iterator[Fault]:
    """Ids that name nothing in the file. Works on the rows, for a list of values keeps no places."""
    for section, key, target in _NAMES:
        outer, _, inner = key.rpartition(".")
        known: Collection[str] = getattr(registry, target)
        for index, row in _rows(top, section):
            holder = row.get(outer) if outer else row
            named = holder.get(inner) if isinstance(holder, dict) else None
            if type(named) is str:
                if named not in known:
                    yield from _nothing(f"{section}[{index}].{key}", named, target)
            elif type(named) is list and named != ["*"]:
                for place, one in enumerate(named):
                    if type(one) is str and one not in known:
                        yield from _nothing(f"{section}[{index}].{key}[{place}]", one, target)
    for index, row in _rows(top, "suspensions"):
        scope = row.get("scope")
        if isinstance(scope, dict):
            target, named = _SUSPENDED.get(str(scope.get("kind")), ""), scope.get("value")
            if target and type(named) is str and named not in getattr(registry, target):
                yield from _nothing(f"suspensions[{index}].scope.value", named, target)


def _rows(top: Mapping[str, Any], section: str) -> Iterator[tuple[int, dict[str, Any]]]:
    value = top.get(section)
    for index, row in enumerate(value if isinstance(value, list) else ()):
        if isinstance(row, dict):
            yield index, row


def _nothing(path: str, named: str, target: str) -> Iterator[Fault]:
    if bad_name(named) is None:  # a name that is none was reported where it was read
        yield Fault(path, f"{named!r} names nothing in {target}")
