"""The layers of rules laid over each other: built-in < studio < show < its sections.

A lower layer may tighten freely and loosen only what the layers above allow by name; floors hold for all of them.
Pure: files were read by `reading`, what comes out is `core.rules.Rules` and where each value came from.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from clearcut.core.globs import Glob
from clearcut.core.reasons import CATALOGUE
from clearcut.core.rules import Occlusion, Policy, Rules, SeverityRule, ShotNaming
from clearcut.core.verdict import Severity
from clearcut.errors import Fault
from clearcut.settings.keys import (
    BUILT_IN_ALLOWS,
    KEYS,
    SEVERITY,
    STUDIO_MAY_LOOSEN,
    can_be_loosened,
)

BUILT_IN = "built-in"


class Setting(NamedTuple):
    """One value that a layer sets: `where` is `file:line`. Sections are globs, "*" outside of one."""

    name: str
    value: Any
    where: str
    sequence: str = "*"
    department: str = "*"

    @property
    def in_section(self) -> bool:
        """Whether it stands in a sequence's or department's section."""
        return (self.sequence, self.department) != ("*", "*")


class Layer(NamedTuple):
    """One rule file: `kind` is studio or show, `path` the file, `allow` what it lets lower layers loosen, by name."""

    kind: str
    path: str
    settings: tuple[Setting, ...]
    allow: Mapping[str, str] = MappingProxyType({})  # name -> file:line


class Origin(NamedTuple):
    """A value in the order the layers set it; `layer` is built-in, or the kind of the file."""

    layer: str
    setting: Setting


class ResolvedRules(NamedTuple):
    """The rules in force, the files they came from (upper first), and for each key who set it (the last one counts).

    In a list that adds up (`replicas.suspects.paths`) every one counts, and of severities each for its section.
    """

    rules: Rules
    layers: tuple[Layer, ...] = ()
    origins: Mapping[str, tuple[Origin, ...]] = MappingProxyType({})


class _Resolution:
    """Lays one layer after the other and collects every fault."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {name: key.default for name, key in KEYS.items()}
        self.severities: list[Setting] = []
        self.origins: dict[str, list[Origin]] = {
            name: [Origin(BUILT_IN, Setting(name, key.default, BUILT_IN))] for name, key in KEYS.items()
        }
        self.faults: list[Fault] = []
        # Of each pin that a file has set: what all who set it let others change.
        self.leave: dict[str, frozenset[str]] = {}
        self.pinned_by: dict[str, str] = {}

    def lay(self, layer: Layer, may_loosen: frozenset[str]) -> None:
        """Lays a layer over those before, which let it loosen the keys of `may_loosen`."""
        for name, where in layer.allow.items():
            if not can_be_loosened(name):
                self.faults.append(
                    Fault(where, f"allow: {name} can never be loosened, so nobody can allow it")
                )
            elif name not in may_loosen and not _pin(name):
                self.faults.append(Fault(where, f"allow: {name} is not allowed by the layers above"))
        own = {s.name for s in layer.settings if not s.in_section}
        for setting in sorted(layer.settings, key=_section_order):
            if setting.name.startswith(SEVERITY):
                # What the file itself sets is above its sections, and they need its leave too.
                allowed = setting.name in may_loosen and (
                    not setting.in_section or setting.name not in own or setting.name in layer.allow
                )
                self._severity(setting, allowed)
            else:
                self._value(setting, self._may_loosen(setting.name, may_loosen))
            self.origins.setdefault(setting.name, []).append(Origin(layer.kind, setting))
        for name in own:
            if pin := _pin(name):
                self.leave[pin] = self.leave.get(pin, frozenset(KEYS)) & frozenset(layer.allow)
                self.pinned_by[pin] = self.origins[name][-1].setting.where

    def _may_loosen(self, name: str, may_loosen: frozenset[str]) -> bool:
        """Whether the layers above let a key be loosened; what is pinned is free until a file has set it."""
        pin = _pin(name)
        return name in (self.leave.get(pin, frozenset(KEYS)) if pin else may_loosen)

    def _value(self, setting: Setting, allowed: bool) -> None:
        key, old = KEYS[setting.name], self.values[setting.name]
        if key.loosens(setting.value, old) and not allowed:
            said_by = self.pinned_by.get(key.pinned) or self.origins[setting.name][-1].setting.where
            self.faults.append(Fault(setting.where, _loosens(setting, old, said_by)))
        elif key.adds:
            self.values[setting.name] = [*old, *(one for one in setting.value if one not in old)]
        else:
            self.values[setting.name] = setting.value

    def _severity(self, setting: Setting, allowed: bool) -> None:
        above = max(self._above(setting), key=lambda pair: pair[0].rank)
        if setting.value.rank < above[0].rank and not allowed:
            self.faults.append(Fault(setting.where, _loosens(setting, above[0].value, above[1])))
        self.severities.append(setting)

    def _above(self, setting: Setting) -> Iterator[tuple[Severity, str]]:
        """What is in force above for any shot that the setting is about, and who said so.

        A rule that takes in everything the setting is about hides all before it. Sections of one file come with the
        mildest first, so that none of them is ever looser than one beside it.
        """
        for other in reversed(self.severities):
            if other.name != setting.name or not _may_meet(other, setting):
                continue
            yield other.value, other.where
            if _takes_in(other, setting):
                return
        yield CATALOGUE[setting.name.removeprefix(SEVERITY)].severity, BUILT_IN


def _pin(name: str) -> str:
    """The pin of a key, "" for one without, severities included."""
    return KEYS[name].pinned if name in KEYS else ""


def _section_order(setting: Setting) -> tuple[bool, int]:
    """Outside of sections first; among sections the strictest last, for the last one counts where several match."""
    strictness = setting.value.rank if isinstance(setting.value, Severity) else 0
    return setting.in_section, strictness if setting.in_section else 0


def _may_meet(one: Setting, other: Setting) -> bool:
    """Whether a shot may lie in both; globs that are not plain names are taken to meet."""
    return _globs_may_meet(one.sequence, other.sequence) and _globs_may_meet(one.department, other.department)


def _globs_may_meet(one: str, other: str) -> bool:
    if _is_glob(one) and _is_glob(other):
        return True
    return Glob(one).matches(other) if _is_glob(one) else Glob(other).matches(one)


def _is_glob(text: str) -> bool:
    return any(char in text for char in "*?[")


def _takes_in(wide: Setting, narrow: Setting) -> bool:
    return wide.sequence in ("*", narrow.sequence) and wide.department in ("*", narrow.department)


def _loosens(setting: Setting, old: Any, said_by: str) -> str:
    shown = setting.value.value if isinstance(setting.value, Severity) else setting.value
    leave = f"have the layer above say allow = [{setting.name!r}]"
    if pin := _pin(setting.name):
        return (
            f"{setting.name} = {shown!r} changes what {said_by} has decided ([{pin}]); leave it, or {leave}"
        )
    return (
        f"{setting.name} = {shown!r} is looser than {old!r} ({said_by}), and no layer above allows that; "
        f"tighten it, or {leave}"
    )


def resolve(
    layers: Iterable[Layer], *, department: str | None = None
) -> tuple[ResolvedRules, tuple[Fault, ...]]:
    """The rules that the layers, upper first, come to, and every fault; with faults the rules must not be used.

    Where there is no studio layer, the built-in one allows a show what domain.md says a rule file may loosen.
    """
    resolution, stack = _Resolution(), tuple(layers)
    may_loosen = BUILT_IN_ALLOWS
    for layer in stack:
        if layer.kind == "studio":
            may_loosen = STUDIO_MAY_LOOSEN
        resolution.lay(layer, may_loosen)
        may_loosen &= frozenset(layer.allow)
    rules = _rules(resolution, department)
    origins = {name: tuple(chain) for name, chain in resolution.origins.items()}
    return ResolvedRules(rules, stack, origins), tuple(resolution.faults)


def _rules(resolution: _Resolution, department: str | None) -> Rules:
    values = resolution.values
    return Rules(
        policy=Policy(
            expires_soon_days=values["expiry.soon_days"],
            near_cap_percent=values["expiry.near_cap_percent"],
            authority_must_hold_now=values["authority.must_hold_now"],
            department=department,
            severities=tuple(
                SeverityRule(s.name.removeprefix(SEVERITY), s.value, s.sequence, s.department, s.where)
                for s in resolution.severities
            ),
        ),
        shot_naming=ShotNaming(
            metadata_paths=tuple(values["shots.metadata_paths"]),
            patterns=tuple(values["shots.patterns"]),
            extractors=tuple(values["shots.extractors"]),
            sequence_pattern=values["shots.sequence_pattern"],
        ),
        suspects=tuple(values["replicas.suspects.paths"]),
        occlusion=Occlusion(values["occlusion"]),
        silent_families=tuple(values["families.silent"]),
        facility=values["production.facility"],
        production=values["production.id"],
        edit=_beside(resolution, "edit.path"),
        server=values["backend.server"],
        registry=_beside(resolution, "backend.registry"),
        gizmo_paths=_all_beside(resolution, "scene.gizmo_paths"),
        trusted_classes=tuple(values["scene.trusted_classes"]),
    )


def _beside(resolution: _Resolution, name: str) -> str | None:
    """A path as the file meant it: relative to the file's folder."""
    value = resolution.values[name]
    if value is None or "://" in value:
        return value
    return _from_file(resolution, name, value)


def _all_beside(resolution: _Resolution, name: str) -> tuple[str, ...]:
    return tuple(_from_file(resolution, name, value) for value in resolution.values[name])


def _from_file(resolution: _Resolution, name: str, value: str) -> str:
    file = resolution.origins[name][-1].setting.where.rpartition(":")[0]
    return str(Path(file).parent / Path(value).expanduser())
