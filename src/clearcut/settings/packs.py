"""Rule packs from their TOML files: those that Clearcut ships, and a studio's own beside them.

What a pack means is `core.packs`. A pack file with a fault is never skipped: without it a law would not be asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, TypeVar

from clearcut.core.packs import ALWAYS, Applies, Effect, EffectKind, RulePack
from clearcut.core.places import unknown_place
from clearcut.core.replica import CaptureSource, Category
from clearcut.core.verdict import Severity
from clearcut.core.words import ALTERATIONS, MEDIA, USES, unknown_word
from clearcut.errors import Fault, RulesError
from clearcut.settings.environment import pack_files, packs_folder
from clearcut.settings.located import LocatedToml, read_located

_Word = TypeVar("_Word", bound=Enum)
_NUMBERED = frozenset(
    {
        EffectKind.NOTICE_HOURS,
        EffectKind.ADULT_TERM_YEARS,
        EffectKind.MINOR_TERM_YEARS,
        EffectKind.MINOR_TERM_AGE,
    }
)
_WITH_VALUES = frozenset({EffectKind.PERMIT_EXEMPTION, EffectKind.WITHDRAW_EXEMPTION, EffectKind.DISCLOSURE})


def load_packs(
    folder: Path | None = None, *, environ: Mapping[str, str] | None = None
) -> tuple[RulePack, ...]:
    """Every shipped pack, then those of `folder` (None: of `CLEARCUT_PACKS`, if set), each set in order of file name.

    Raises RulesError with every fault of every file, on a folder that is not there or cannot be read and on an id that
    comes twice.
    """
    own = folder or packs_folder(environ)
    shipped = _shipped()
    if own is None:
        return shipped
    try:
        paths = pack_files(own)
    except (FileNotFoundError, NotADirectoryError):
        raise RulesError((Fault(str(own), "CLEARCUT_PACKS names no folder"),)) from None
    except OSError as error:
        raise RulesError((Fault(str(own), f"CLEARCUT_PACKS cannot be read: {error.strerror}"),)) from None
    packs = list(shipped)
    faults: list[Fault] = []
    for path in paths:
        try:
            packs.append(read_pack(path))
        except RulesError as error:
            faults.extend(error.faults)
    ids = [pack.id for pack in packs]
    faults.extend(
        Fault(str(own), f"two packs have the id {repeated!r}")
        for repeated in sorted(set(ids))
        if ids.count(repeated) > 1
    )
    if faults:
        raise RulesError(tuple(faults))
    return tuple(packs)


@lru_cache(maxsize=1)
def _shipped() -> tuple[RulePack, ...]:
    with as_file(files("clearcut") / "packs") as folder:
        return tuple(read_pack(path) for path in sorted(folder.glob("*.toml")))


def read_pack(path: Path) -> RulePack:
    """One pack file. Raises RulesError with every fault and its line."""
    reading = _PackReading(read_located(path))
    pack = reading.pack()
    if reading.faults:
        raise RulesError(tuple(reading.faults))
    return pack


class _PackReading:
    """Collects the faults of one file while its values are made."""

    def __init__(self, document: LocatedToml) -> None:
        self.document = document
        self.faults: list[Fault] = []

    def fault(self, message: str, *key: str | int) -> None:
        """Something wrong at a key of the file."""
        self.faults.append(Fault(self.document.where(*key), message))

    def pack(self) -> RulePack:
        """The whole file as a pack: a stand-in where there are faults."""
        top = dict(self.document.values)
        pack_id = self.text(top, "id")
        title = self.text(top, "title")
        dated = self.day(top, "dated")
        if dated is None:
            self.fault("dated is missing: the day the sources were last read")
        sources = self.words(top, "sources")
        if not sources:
            self.fault("sources is missing: a pack without a source is an opinion")
        applies = self.applies(top)
        effects = top.pop("effect", [])
        if not isinstance(effects, list) or not effects:
            self.fault("no [[effect]]: a pack that does nothing is a mistake", "effect")
            effects = []
        made = [self.effect(effect, index) for index, effect in enumerate(effects)]
        self.nothing_left(top)
        return RulePack(pack_id, title, sources, tuple(e for e in made if e is not None), applies, dated)

    def effect(self, given: Any, index: int) -> Effect | None:
        """One `[[effect]]`; None where it is not told what kind it is."""
        at = ("effect", index)
        if not isinstance(given, dict):
            self.fault("an effect is a table", *at)
            return None
        table = dict(given)
        kind = self.one_of(table, "kind", EffectKind, *at)
        if kind is None:
            self.fault("kind is missing", *at) if "kind" not in given else None
            return None
        effect = Effect(
            kind=kind,
            clause=self.text(table, "clause", *at),
            values=self.words(table, "values", *at),
            number=self.number(table, *at),
            severity=self.one_of(table, "severity", Severity, *at),
            single_source=self.flag(table, "single_source", *at),
            applies=self.applies(table, *at),
            alterations=self.words(table, "alterations", *at, known=("alteration", ALTERATIONS)),
            uses=self.words(table, "uses", *at, known=("use", USES)),
            categories=self.words(
                table, "categories", *at, known=("category", tuple(c.value for c in Category))
            ),
            techniques=self.words(table, "techniques", *at),
            capture_sources=self.words(
                table,
                "capture_sources",
                *at,
                known=("capture source", tuple(source.value for source in CaptureSource)),
            ),
        )
        table.pop("note", None)
        if (effect.number is not None) != (kind in _NUMBERED):
            self.fault(f"{kind.value} {'needs a' if kind in _NUMBERED else 'takes no'} number", *at)
        if effect.values and kind not in _WITH_VALUES:
            self.fault(f"{kind.value} takes no values", *at, "values")
        if kind in (EffectKind.PERMIT_EXEMPTION, EffectKind.WITHDRAW_EXEMPTION) and not effect.values:
            self.fault(f"{kind.value} names no basis in values", *at)
        self.nothing_left(table, *at)
        return effect

    def applies(self, table: dict[str, Any], *at: str | int) -> Applies:
        """When the pack or the effect at `at` applies: always, where it does not say."""
        given = table.pop("applies", None)
        if given is None:
            return ALWAYS
        at = (*at, "applies")
        if not isinstance(given, dict):
            self.fault("applies is a table", *at)
            return ALWAYS
        left = dict(given)
        territories = self.words(left, "territories", *at)
        for place in territories:
            wrong = unknown_place(place)
            if wrong:
                self.fault(wrong, *at, "territories")
        applies = Applies(
            agreements=self.words(left, "agreements", *at),
            photography_from=self.day(left, "photography_from", *at),
            photography_until=self.day(left, "photography_until", *at),
            territories=territories,
            media=self.words(left, "media", *at, known=("medium", MEDIA)),
            release_from=self.day(left, "release_from", *at),
        )
        self.nothing_left(left, *at)
        return applies

    def nothing_left(self, table: Mapping[str, Any], *at: str | int) -> None:
        """A fault for each key that nobody has taken out of the table."""
        for key in table:
            self.fault(f"unknown key {key!r}", *at, key)

    def text(self, table: dict[str, Any], key: str, *at: str | int) -> str:
        """A text that must be there, taken out of the table; "" after a fault."""
        value = table.pop(key, None)
        if isinstance(value, str) and value.strip():
            return value
        self.fault(f"{key} is missing" if value is None else f"{key}: not a text: {value!r}", *at, key)
        return ""

    def words(
        self,
        table: dict[str, Any],
        key: str,
        *at: str | int,
        known: tuple[str, tuple[str, ...]] | None = None,
    ) -> tuple[str, ...]:
        """A list of words, taken out of the table: those of `known` alone, where that is given."""
        value = table.pop(key, [])
        if not isinstance(value, list) or not all(isinstance(word, str) and word for word in value):
            self.fault(f"{key}: not a list of words: {value!r}", *at, key)
            return ()
        for index, word in enumerate(value):
            wrong = known and unknown_word(known[0], word, known[1])
            if wrong:
                self.fault(f"{key}: {wrong}", *at, key, index)
        return tuple(value)

    def day(self, table: dict[str, Any], key: str, *at: str | int) -> date | None:
        """A day, taken out of the table; None where none is given."""
        value = table.pop(key, None)
        if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
            return value
        self.fault(f"{key}: not a date: {value!r} (2026-08-02, without quotes)", *at, key)
        return None

    def number(self, table: dict[str, Any], *at: str | int) -> int | None:
        """The number of an effect, at least 1, taken out of the table; None where none is given."""
        value = table.pop("number", None)
        if value is None or (isinstance(value, int) and not isinstance(value, bool) and value > 0):
            return value
        self.fault(f"number: not a whole number above 0: {value!r}", *at, "number")
        return None

    def flag(self, table: dict[str, Any], key: str, *at: str | int) -> bool:
        """True or false, taken out of the table; false where it is not given."""
        value = table.pop(key, False)
        if isinstance(value, bool):
            return value
        self.fault(f"{key}: not true or false: {value!r}", *at, key)
        return False

    def one_of(self, table: dict[str, Any], key: str, kind: type[_Word], *at: str | int) -> _Word | None:
        """A word of a closed set, taken out of the table; None where none is given."""
        value = table.pop(key, None)
        if value is None:
            return None
        try:
            return kind(value)
        except ValueError:
            known = ", ".join(member.value for member in kind)
            self.fault(f"{key}: unknown word {value!r} (known: {known})", *at, key)
            return None
