"""A rule file to a layer: every key known, every value of its kind, every fault with its line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from clearcut.core.reasons import CATALOGUE
from clearcut.core.verdict import Severity
from clearcut.errors import Fault
from clearcut.settings.keys import ALL_NAMES, KEYS, SEVERITY, problems_of, severity_problem
from clearcut.settings.layers import Layer, Setting
from clearcut.settings.located import LocatedToml

SECTIONS = ("sequence", "department")
_TABLES = frozenset(".".join(name.split(".")[:n]) for name in KEYS for n in range(1, name.count(".") + 1))
_TOP = (*{name.partition(".")[0] for name in KEYS}, "severity", "allow", *SECTIONS)


def read_layer(document: LocatedToml, kind: str) -> tuple[Layer, tuple[Fault, ...]]:
    """The layer that a file is, and every fault in it, in the order of the file."""
    reading = _Reading(document)
    reading.table(document.values, ())
    layer = Layer(kind, document.path, tuple(reading.settings), reading.allow)
    return layer, tuple(sorted(reading.faults, key=lambda fault: int(fault.path.rpartition(":")[2])))


class _Reading:
    def __init__(self, document: LocatedToml) -> None:
        self.document = document
        self.settings: list[Setting] = []
        self.allow: dict[str, str] = {}
        self.faults: list[Fault] = []

    def fault(self, message: str, *key: str | int) -> None:
        """Something wrong at a key of the file."""
        self.faults.append(Fault(self.document.where(*key), message))

    def table(self, values: Mapping[str, Any], at: tuple[str, ...]) -> None:
        """A table of plain keys; at the top also `allow`, `[severity]` and the sections."""
        for word, value in values.items():
            path = (*at, word)
            name = ".".join(path)
            if name in KEYS:
                self.value(name, value, path)
            elif name in _TABLES:
                if isinstance(value, dict):
                    self.table(value, path)
                else:
                    self.fault(f"{name} is a table: write [{name}] on a line of its own", *path)
            elif name == "severity":
                self.severities(value, path)
            elif name in SECTIONS:
                self.sections(value, path)
            elif name == "allow":
                self.allowed(value)
            else:
                self.fault(f"unknown key {name!r}{_suggestion(path)}", *path)

    def value(self, name: str, value: Any, path: tuple[str, ...]) -> None:
        """The value of a key that is known, or what is wrong with it."""
        problems = problems_of(KEYS[name], value)
        for element, said in problems:
            self.fault(f"{name}: {said}", *path, *element)
        if not problems:
            self.settings.append(Setting(name, value, self.document.where(*path)))

    def severities(
        self, values: Any, path: tuple[str, ...], sequence: str = "*", department: str = "*"
    ) -> None:
        """What `[severity]` says, of the file or of one of its sections."""
        if not isinstance(values, dict):
            self.fault(f'{".".join(path)} is a table: a line `code = "warn"` for each code', *path)
            return
        for code, value in values.items():
            where = (*path, code)
            if code not in CATALOGUE:
                near = get_close_matches(code, CATALOGUE, n=1)
                hint = f" (did you mean {near[0]!r}?)" if near else " (see `clearcut explain`)"
                self.fault(f"unknown reason code {code!r}{hint}", *where)
            elif said := severity_problem(code, value):
                self.fault(f"{SEVERITY}{code}: {said}", *where)
            else:
                line = self.document.where(*where)
                self.settings.append(Setting(SEVERITY + code, Severity(value), line, sequence, department))

    def sections(self, values: Any, path: tuple[str, ...]) -> None:
        """What the sections of sequences and departments say."""
        kind = path[0]
        if not isinstance(values, dict):
            self.fault(f'{kind} is a table of sections: [{kind}."NAME".severity]', *path)
            return
        for glob, section in values.items():
            at = (*path, glob)
            if not isinstance(section, dict):
                self.fault(f"{kind}.{glob!r} is a table: write [{kind}.{glob!r}.severity]", *at)
                continue
            if not glob.strip():
                self.fault(f"a {kind} without a name", *at)
            for word, value in section.items():
                if word == "severity":
                    self.severities(value, (*at, word), **{kind: glob})
                else:
                    self.fault(
                        f"unknown key {word!r}: a {kind}'s section holds [severity] and nothing else",
                        *at,
                        word,
                    )

    def allowed(self, value: Any) -> None:
        """What the file lets lower layers loosen, by name."""
        if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
            self.fault(
                f"allow is a list of keys, as in {SEVERITY}compensation-outstanding: {value!r:.80}", "allow"
            )
            return
        for index, name in enumerate(value):
            if name in ALL_NAMES:
                self.allow[name] = self.document.where("allow", index)
            else:
                self.fault(
                    f"allow: unknown key {name!r}{_suggestion(tuple(name.split('.')))}", "allow", index
                )


def _suggestion(path: tuple[str, ...]) -> str:
    name = ".".join(path)
    near = next(_candidates(path, name), None)
    if near:
        return f" (did you mean {near!r}?)"
    return f" (known: {', '.join(sorted(_TOP))})" if len(path) == 1 else ""


def _candidates(path: tuple[str, ...], name: str) -> Iterator[str]:
    """The same word elsewhere, a word like it in the same table, then anything like the whole."""
    yield from (known for known in KEYS if known.rpartition(".")[2] == path[-1])
    beside = [known for known in KEYS if known.rpartition(".")[0] == ".".join(path[:-1])]
    yield from get_close_matches(name, beside, n=1, cutoff=0.5)
    if path[-1] in CATALOGUE:
        yield SEVERITY + path[-1]
    yield from get_close_matches(name, (*ALL_NAMES, *_TOP), n=1)
