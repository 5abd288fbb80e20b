"""The registry: everything clearance staff entered, as one immutable value with indexes over it.

Reading it from JSON is `registry_json`; judging with it is `evaluate`. `Recognition` is the part of it that a
client needs to find replicas in files: no contract, no name of a person.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from clearcut.core.freezing import maker
from clearcut.core.handwriting import seen
from clearcut.core.licence import (
    Approval,
    Authority,
    Exemption,
    Licence,
    Production,
    Suspension,
    Waiver,
)
from clearcut.core.replica import Asset, NotReplica, Performer, Replica


@dataclass(frozen=True, slots=True)
class KnownReplica:
    """What a client may know of a replica: its id and its performer's pseudonym (None: nobody knows whose)."""

    id: str
    pseudonym: str | None


_known_replica_of = maker(KnownReplica)  # one for each replica of a registry


@dataclass(frozen=True, slots=True)
class Recognition:
    """What is needed to recognise replicas in files, and nothing of contracts.

    `revision` is the digest of the rest: a client names it when it asks, so that an answer is never given on
    assets the client did not know of.
    """

    replicas: tuple[KnownReplica, ...]
    assets: tuple[Asset, ...]
    not_replicas: tuple[NotReplica, ...]
    revision: str = ""

    def __post_init__(self) -> None:
        """Computes `revision` where it was not given."""
        if not self.revision:
            object.__setattr__(self, "revision", self._digest())

    def _digest(self) -> str:
        rows = [
            sorted([r.id, r.pseudonym or ""] for r in self.replicas),
            sorted([a.replica, a.kind, a.match.kind, a.match.key, a.match.value] for a in self.assets),
            sorted([n.match.kind, n.match.key, n.match.value] for n in self.not_replicas),
        ]
        return hashlib.sha256(json.dumps(rows, ensure_ascii=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Registry:
    """All records, each kind sorted by id or in file order where there is none. Built once, never changed."""

    performers: Mapping[str, Performer] = field(default_factory=dict)
    authorities: Mapping[str, Authority] = field(default_factory=dict)
    replicas: Mapping[str, Replica] = field(default_factory=dict)
    assets: tuple[Asset, ...] = ()
    not_replicas: tuple[NotReplica, ...] = ()
    productions: Mapping[str, Production] = field(default_factory=dict)
    licences: Mapping[str, Licence] = field(default_factory=dict)
    approvals: tuple[Approval, ...] = ()
    exemptions: Mapping[str, Exemption] = field(default_factory=dict)
    suspensions: Mapping[str, Suspension] = field(default_factory=dict)
    waivers: Mapping[str, Waiver] = field(default_factory=dict)

    def recognition(self) -> Recognition:
        """What a client needs to recognise replicas."""
        return Recognition(
            replicas=tuple(
                _known_replica_of(
                    r.id, self.performers[r.performer].pseudonym if r.performer is not None else None
                )
                for r in self.replicas.values()
            ),
            assets=self.assets,
            # Who answers for it, and why, is between them and clearance: every artist's client gets this. What
            # nobody gave a reason for excuses nothing.
            not_replicas=tuple(
                replace(one, reason="", by="") for one in self.not_replicas if seen(one.reason)
            ),
        )
