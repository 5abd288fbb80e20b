"""A question about a whole cut, as the entry of a registered version: its uses, its screen time, its decision."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection

from clearcut.core.codec import WireError, to_plain
from clearcut.core.evaluate import evaluate
from clearcut.core.packs import RulePack
from clearcut.core.registered import Charged
from clearcut.core.registry_index import RegistryIndex
from clearcut.core.request import CheckRequest
from clearcut.core.timing import FrameRange, format_seconds
from clearcut.core.use import ReplicaUse
from clearcut.core.verdict import Decision, Total
from clearcut.server.decision_record import decision_record, sha256
from clearcut.server.writes import done
from clearcut.store import cuts
from clearcut.store.documents import canonical
from clearcut.store.once import Done
from clearcut.store.tokens import Holder


def registering(
    request: CheckRequest, index: RegistryIndex, revision: int, packs: tuple[RulePack, ...], holder: Holder
) -> Callable[[Connection, datetime], Done]:
    """The work of registering the cut. Raises WireError when the question is not about a whole, named version."""
    production, version = request.production, request.cut_version
    if not production or not version:
        raise WireError("a cut is registered under a production and a version", "request.cut_version")
    if not request.whole_cut or request.now is not None:
        raise WireError("only a whole cut is registered, as it stands now", "request.whole_cut")
    for name in (production, version, *(use.shot for use in request.uses)):
        if not name.isprintable() or len(name) > 300:
            raise WireError("a name with control characters, or one that is too long", "request")
    asked = sha256(canonical(to_plain(_without_circumstances(request))).encode())

    def work(connection: Connection, now: datetime) -> Done:
        answer = evaluate(request, index, packs, now)
        replicas, per_frame = index.registry.replicas, request.timebase.ticks_per_frame

        def row(use: ReplicaUse, decision: Decision) -> cuts.UseRow:
            known = replicas.get(use.replica)
            screen = tuple(_frames(one, per_frame) for one in use.screen)
            return cuts.UseRow(
                shot=use.shot,
                replica=use.replica,
                performer=(known.performer if known is not None else None) or "",
                outcome=decision.outcome.value,
                frames=sum(end - first for first, end in screen),
                screen=screen,
                licences=decision.licences,
            )

        new = cuts.NewCut(
            production,
            version,
            asked,
            decision_record(holder, revision, packs, request, answer),
            tuple(_charged(one) for one in answer.totals),
        )
        rows = (row(use, one) for use, one in zip(request.uses, answer.decisions, strict=True))
        made, is_new = cuts.register(connection, new, rows, holder.name, now)
        return done(201 if is_new else 200, to_plain(made))

    return work


def _without_circumstances(request: CheckRequest) -> CheckRequest:
    """What makes a cut this cut, whoever asks about it and by which rules and assets."""
    uses = tuple(dataclasses.replace(use, evidence=()) for use in request.uses)
    return dataclasses.replace(
        request, uses=uses, recognition="", facility=None, policy=type(request.policy)(), doubts=()
    )


def _frames(ticks: FrameRange, per_frame: int) -> tuple[int, int]:
    """Whole frames that are touched: nothing that was on screen is left out."""
    return ticks.first // per_frame, -(-ticks.end // per_frame)


def _charged(total: Total) -> Charged:
    cap = None if total.cap is None else format_seconds(total.cap)
    return Charged(total.licence, total.performer, total.frames, format_seconds(total.seconds), cap)
