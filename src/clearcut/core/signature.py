"""When two uses are alike: whatever could make the registry answer differently is in the signature, the rest not.

Most uses of a cut differ in their shot alone, and most licences do not ask which shot it is.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import NamedTuple

from clearcut.core.case import Case
from clearcut.core.findings import live_waivers
from clearcut.core.freezing import new
from clearcut.core.licence import Waiver
from clearcut.core.use import Declaration, ReplicaUse


class _Matters(NamedTuple):
    """Which of a use's names matter to the licences of one replica; `nothing`: none of them, and no waiver."""

    shot: bool
    sequence: bool
    episode: bool
    nothing: bool


class Signatures:
    """Gives the signatures of one case's uses."""

    def __init__(self, case: Case, waivers: tuple[Waiver, ...]) -> None:
        self._case = case
        self._waivers = waivers
        self._by_sequence = any(rule.sequence != "*" for rule in case.policy.severities)
        self._matters: dict[str, _Matters] = {}
        self._of_shot: dict[str, tuple[str, ...]] = {}
        self._declared: dict[int, tuple[Declaration, int]] = {}
        self._numbers: dict[Declaration, int] = {}

    def of(self, use: ReplicaUse) -> tuple[Hashable, bool]:
        """Equal for two uses only if they are judged alike, caps apart; and whether its names make no difference.

        Where they make none, all uses of one replica, declaration, models and biometric files are judged alike.
        """
        declared = use.declared
        known = self._declared.get(id(declared))
        number = self._number(declared) if known is None else known[1]
        matters = self._of(use.replica)
        if matters.nothing and declared.exemption is None:
            return (use.replica, number, use.models, use.biometric), True
        if matters.shot or declared.exemption is not None:
            apart: Hashable = (use.shot, use.version, use.source, use.source_known)
        else:
            apart = self._live(use.shot)
        names = (
            apart,
            use.sequence if matters.sequence else None,
            use.episode if matters.episode else None,
        )
        return (use.replica, number, names, use.models, use.biometric), False

    def _number(self, declared: Declaration) -> int:
        number = self._numbers.setdefault(declared, len(self._numbers))
        # The value is kept beside its number: while it lives no other can have its id.
        self._declared[id(declared)] = (declared, number)
        return number

    def _live(self, shot: str) -> tuple[str, ...]:
        names = self._of_shot.get(shot)
        if names is None:
            names = tuple(one.id for one in live_waivers(self._waivers, shot, self._case.now))
            self._of_shot[shot] = names
        return names

    def _of(self, replica: str) -> _Matters:
        matters = self._matters.get(replica)
        if matters is None:
            matters = self._matters[replica] = self._what_matters(replica)
        return matters

    def _what_matters(self, replica: str) -> _Matters:
        index = self._case.index
        looked_at = index.names_looked_at(replica)
        shot = looked_at.shot or (self._case.production.id, replica) in index.exemptions_of
        sequence, episode = looked_at.sequence or self._by_sequence, looked_at.episode
        nothing = not (shot or sequence or episode or self._waivers)
        return new(_Matters, (shot, sequence, episode, nothing))
