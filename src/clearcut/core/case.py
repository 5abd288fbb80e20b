"""What one request is judged by (`Case`), and what is asked of a licence in it (`Question`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from clearcut.core.demand import Demand, Exploitation, exploitation
from clearcut.core.demands import Asked, Demands, demands_on
from clearcut.core.findings import Finding
from clearcut.core.licence import Authority, Delivery, Licence, Production, Suspension
from clearcut.core.moments import day_of, days_after, on
from clearcut.core.packs import RulePack
from clearcut.core.registry_index import RegistryIndex
from clearcut.core.replica import Performer, Replica
from clearcut.core.request import CheckRequest
from clearcut.core.rules import Policy
from clearcut.core.use import ReplicaUse

# Far enough for any warning, near enough for the calendar.
_MOST_DAYS = 36_500


@dataclass(frozen=True, slots=True)
class Case:
    """Everything that is the same for all uses of a request. `suspensions` are those that hold now.

    `today` is the day of `now` in UTC, `soon` up to when an end is soon. Of the delivery: `disclosed` is what it
    discloses, `released_until` the last day of its release window that is known.
    """

    index: RegistryIndex
    production: Production
    registered: bool
    facility: str | None
    policy: Policy
    demands: Demands
    wanted: Exploitation
    suspensions: tuple[Suspension, ...]
    now: datetime
    today: date
    soon: datetime
    disclosed: frozenset[str]
    released_until: date | None

    def authority_of(self, licence: Licence) -> Authority | None:
        """Who granted it, None when nobody is recorded."""
        return (
            self.index.registry.authorities.get(licence.authority) if licence.authority is not None else None
        )

    def suspended(self, suspension: Suspension, what: str, licence: str | None = None) -> Finding:
        """The finding that a suspension is."""
        until = f"until {on(suspension.until)}" if suspension.until is not None else "with no end set"
        return Finding(
            "strike-suspended" if suspension.reason == "strike" else "licence-suspended",
            f"{suspension.id} ({suspension.reason}) suspends {what} since {on(suspension.from_)}, {until}",
            f"wait until {suspension.id} is lifted"
            + (f" ({on(suspension.until)})" if suspension.until is not None else ""),
            licence,
            {
                "suspension": suspension.id,
                "until": None if suspension.until is None else suspension.until.isoformat(),
            },
        )


class Question(NamedTuple):
    """One use, as licences are asked about it; `asked` is what rule packs ask of such a use."""

    use: ReplicaUse
    demand: Demand
    replica: Replica
    performer: Performer
    asked: Asked

    @property
    def called(self) -> str:
        """The performer's pseudonym."""
        return self.performer.pseudonym


def open_case(
    request: CheckRequest, index: RegistryIndex, packs: tuple[RulePack, ...], now: datetime
) -> Case:
    """The case that a request opens. A production that nobody named or registered demands everything."""
    name = request.production
    known = index.registry.productions.get(name) if name is not None else None
    production = known or Production(name or "", "", None, "", None)
    delivery = production.delivery or Delivery((), (), ())
    return Case(
        index=index,
        production=production,
        registered=known is not None,
        facility=request.facility,
        policy=request.policy,
        demands=demands_on(packs, production),
        wanted=exploitation(production),
        suspensions=tuple(
            one
            for _, one in sorted(index.registry.suspensions.items())
            if one.from_ <= now and (one.until is None or now < one.until)
        ),
        now=now,
        today=day_of(now),
        soon=days_after(now, min(max(request.policy.expires_soon_days, 0), _MOST_DAYS)),
        # Whoever writes "none" into the list has disclosed nothing.
        disclosed=frozenset(one for one in delivery.disclosure if one.casefold() != "none"),
        released_until=delivery.release_until or delivery.release_from,
    )
