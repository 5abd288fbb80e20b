"""`Registry` to `clearcut.registry/1`: lossless, in a fixed order, what `registry export` writes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timezone
from typing import Any

from clearcut.core.licence import (
    Approval,
    EvidenceDocument,
    Exemption,
    Licence,
    Production,
    Suspension,
    Waiver,
)
from clearcut.core.registry import Registry
from clearcut.core.replica import Identifier, Match, MatchKind, Performer, Replica
from clearcut.core.timing import format_seconds


def registry_to_json(registry: Registry) -> dict[str, Any]:
    """The document that `parse_registry` reads back to an equal registry; sections and records in a fixed order."""
    return {
        "schema": "clearcut.registry/1",
        "performers": [_performer(p) for p in _by_id(registry.performers)],
        "authorities": [
            {
                "id": a.id,
                "performer": a.performer,
                "kind": a.kind.value,
                "party": a.party,
                "valid_from": _day(a.valid_from),
                "valid_until": _day(a.valid_until),
                "verified": a.verified,
            }
            for a in _by_id(registry.authorities)
        ],
        "replicas": [_replica(r) for r in _by_id(registry.replicas)],
        "assets": [
            {"replica": a.replica, "kind": a.kind.value, "match": _match(a.match)} for a in registry.assets
        ],
        "not_replicas": [
            {"match": _match(n.match), "reason": n.reason, "by": n.by, "at": _moment(n.at)}
            for n in registry.not_replicas
        ],
        "productions": [_production(p) for p in _by_id(registry.productions)],
        "licences": [licence_to_json(one) for one in _by_id(registry.licences)],
        "approvals": [_approval(a) for a in registry.approvals],
        "exemptions": [_exemption(x) for x in _by_id(registry.exemptions)],
        "suspensions": [_suspension(s) for s in _by_id(registry.suspensions)],
        "waivers": [_waiver(w) for w in _by_id(registry.waivers)],
    }


def licence_to_json(licence: Licence) -> dict[str, Any]:
    """One licence as it stands in the file."""
    consent, pay, cap = licence.consent, licence.compensation, licence.max_screen_time_s
    return {
        "id": licence.id,
        "revision": licence.revision,
        "status": licence.status.value,
        "status_at": _moment(licence.status_at),
        "performer": licence.performer,
        "replicas": list(licence.replicas),
        "authority": licence.authority,
        "licensees": list(licence.licensees),
        "scope": {name: list(getattr(licence.scope, name)) for name in type(licence.scope).__slots__},
        "forbidden_depictions": list(licence.forbidden_depictions),
        "valid_from": _moment(licence.valid_from),
        "valid_until": _moment(licence.valid_until),
        "max_screen_time_s": None if cap is None else format_seconds(cap),
        "max_shots": licence.max_shots,
        "approval": licence.approval.value,
        "training": licence.training.value,
        "consent": {
            "description": consent.description,
            "signed_at": _moment(consent.signed_at),
            "notice_at": _moment(consent.notice_at),
            "represented_by": consent.represented_by,
            "survives_death": consent.survives_death,
        },
        "compensation": {"basis": pay.basis, "status": pay.status, "due": _day(pay.due)},
        "evidence": _evidence(licence.evidence),
    }


def _by_id(records: Any) -> list[Any]:
    return [record for _, record in sorted(records.items())]


def _performer(performer: Performer) -> dict[str, Any]:
    return {
        "id": performer.id,
        "name": performer.name,
        "pseudonym": performer.pseudonym,
        "born": _day(performer.born),
        "died": _day(performer.died),
        "identifiers": _identifiers(performer.identifiers),
    }


def _replica(replica: Replica) -> dict[str, Any]:
    return {
        "id": replica.id,
        "performer": replica.performer,
        "category": replica.category.value,
        "technique": replica.technique,
        "captured_on": _day(replica.captured_on),
        "modalities": list(replica.modalities),
        "capture_source": replica.capture_source.value,
        "default_use": {
            "uses": list(replica.default_use.uses),
            "alterations": list(replica.default_use.alterations),
            "depictions": list(replica.default_use.depictions),
        },
        "identifiers": _identifiers(replica.identifiers),
        "trained_for": replica.trained_for,
    }


def _production(production: Production) -> dict[str, Any]:
    delivery = production.delivery
    return {
        "id": production.id,
        "title": production.title,
        "principal_photography_start": _day(production.principal_photography_start),
        "agreement": production.agreement,
        "delivery": None
        if delivery is None
        else {
            "media": list(delivery.media),
            "territories": list(delivery.territories),
            "languages": list(delivery.languages),
            "release_from": _day(delivery.release_from),
            "release_until": _day(delivery.release_until),
            "disclosure": list(delivery.disclosure),
        },
    }


def _approval(approval: Approval) -> dict[str, Any]:
    return {
        "licence": approval.licence,
        "shot": approval.shot,
        "version": approval.version,
        "source_range": None if approval.source_range is None else list(approval.source_range),
        "decision": "approved" if approval.approved else "rejected",
        "by": approval.by,
        "at": _moment(approval.at),
        "note": approval.note,
    }


def _exemption(exemption: Exemption) -> dict[str, Any]:
    expires = exemption.expires
    return {
        "id": exemption.id,
        "basis": exemption.basis,
        "production": exemption.production,
        "shots": list(exemption.shots),
        "replica": exemption.replica,
        "claimant": exemption.claimant,
        "role": exemption.role,
        "evidence": _evidence(exemption.evidence),
        "expires": _moment(expires) if isinstance(expires, datetime) else _day(expires),
    }


def _suspension(suspension: Suspension) -> dict[str, Any]:
    return {
        "id": suspension.id,
        "scope": {"kind": suspension.kind, "value": suspension.value},
        "reason": suspension.reason,
        "from": _moment(suspension.from_),
        "until": _moment(suspension.until),
    }


def _waiver(waiver: Waiver) -> dict[str, Any]:
    return {
        "id": waiver.id,
        "codes": list(waiver.codes),
        "production": waiver.production,
        "shots": list(waiver.shots),
        "by": waiver.by,
        "role": waiver.role,
        "approved_by": waiver.approved_by,
        "reason": waiver.reason,
        "until": _moment(waiver.until),
    }


def _match(match: Match) -> dict[str, Any]:
    if match.kind is MatchKind.METADATA:
        return {"metadata": {"key": match.key, "value": match.value}}
    return {match.kind.value: match.value}


def _identifiers(identifiers: Iterable[Identifier]) -> list[dict[str, str]]:
    return [{"scheme": one.scheme, "value": one.value} for one in identifiers]


def _evidence(documents: Iterable[EvidenceDocument]) -> list[dict[str, str]]:
    return [{"uri": one.uri, "sha256": one.sha256} for one in documents]


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(timezone.utc).isoformat().replace("+00:00", "Z")
