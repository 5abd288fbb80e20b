"""The records of `clearcut.registry/1`, one reader each: a JSON object in, a value out, faults into the sheet.

A reader always gives a value; after a fault it is only a stand-in, and nobody sees it, for a registry with a fault
is refused as a whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from operator import itemgetter
from typing import Any, Protocol, TypeVar

from clearcut.core import registry_keys as keys
from clearcut.core import words
from clearcut.core.freezing import maker
from clearcut.core.languages import unknown_language
from clearcut.core.licence import (
    Approval,
    ApprovalNeeded,
    Authority,
    AuthorityKind,
    Compensation,
    Consent,
    Delivery,
    EvidenceDocument,
    Exemption,
    Licence,
    LicenceStatus,
    Production,
    Scope,
    Suspension,
    Training,
    Waiver,
)
from clearcut.core.places import unknown_place
from clearcut.core.reasons import CATALOGUE
from clearcut.core.replica import (
    Asset,
    AssetKind,
    CaptureSource,
    Category,
    DefaultUse,
    Identifier,
    Match,
    MatchKind,
    NotReplica,
    Performer,
    Replica,
)
from clearcut.core.sheet import Sheet, bad_name, kind_of, unknown
from clearcut.core.timing import FrameRange

T_co = TypeVar("T_co", covariant=True)
Json = Mapping[str, Any]


class Reader(Protocol[T_co]):
    """Reads one row of a section."""

    def __call__(self, sheet: Sheet, path: str, row: object) -> T_co:
        """The row's value, or a stand-in after a fault."""
        ...


AGREEMENTS, BASES = words.AGREEMENTS, words.EXEMPTION_BASES
SUSPENDED = ("global", "agreement", "production", "performer", "licence")


# There are very many of these, so they are made quickly.
_approval_of = maker(Approval)
_asset_of = maker(Asset)
_authority_of = maker(Authority)
_compensation_of = maker(Compensation)
_consent_of = maker(Consent)
_default_use_of = maker(DefaultUse)
_evidence_document_of = maker(EvidenceDocument)
_exemption_of = maker(Exemption)
_identifier_of = maker(Identifier)
_licence_of = maker(Licence)
_match_of = maker(Match)
_performer_of = maker(Performer)
_replica_of = maker(Replica)
_scope_of = maker(Scope)


# Words of the closed vocabularies, as checks.
def _use(word: str) -> str | None:
    return words.unknown_word("use", word, words.USES)


def _alteration(word: str) -> str | None:
    return words.unknown_word("alteration", word, words.ALTERATIONS)


def _depiction(word: str) -> str | None:
    return words.unknown_word("depiction", word, words.DEPICTIONS)


def _modality(word: str) -> str | None:
    return words.unknown_word("modality", word, words.MODALITIES)


def _medium(word: str) -> str | None:
    return words.unknown_word("medium", word, words.MEDIA)


def _code(word: str) -> str | None:
    return None if word in CATALOGUE else unknown("reason code", word, tuple(CATALOGUE))


def performer(sheet: Sheet, path: str, row: object) -> Performer:
    """A person."""
    r = sheet.fields(row, path, keys.PERFORMER, keys.BORN_IDENTIFIERS)
    born, died = sheet.day_or_null(r, path, "born"), sheet.day_or_null(r, path, "died")
    _in_order(sheet, path, born, died, "died", "before the day of birth")
    name, pseudonym = sheet.text(r, path, "name"), sheet.name(r, path, "pseudonym")
    return _performer_of(sheet.name(r, path, "id"), name, pseudonym, born, died, _identifiers(sheet, path, r))


def authority(sheet: Sheet, path: str, row: object) -> Authority:
    """Who may grant."""
    r = sheet.fields(row, path, keys.AUTHORITY)
    first, last = sheet.day_or_null(r, path, "valid_from"), sheet.day_or_null(r, path, "valid_until")
    _in_order(sheet, path, first, last, "valid_until", "before valid_from")
    return _authority_of(
        sheet.name(r, path, "id"),
        sheet.name(r, path, "performer"),
        sheet.word(r, path, "kind", AuthorityKind),
        sheet.text(r, path, "party"),
        first,
        last,
        sheet.truth(r, path, "verified"),
    )


def replica(sheet: Sheet, path: str, row: object) -> Replica:
    """A digital replica."""
    r = sheet.fields(row, path, keys.REPLICA, keys.REPLICA_OPTIONAL)
    usual = r.get("default_use")
    return _replica_of(
        sheet.name(r, path, "id"),
        sheet.name_or_null(r, path, "performer"),
        sheet.word(r, path, "category", Category),
        sheet.text(r, path, "technique"),
        sheet.word(r, path, "capture_source", CaptureSource),
        sheet.words(r, path, "modalities", "modality", _modality),
        sheet.day_or_null(r, path, "captured_on"),
        DefaultUse() if usual is None else sheet.alike(usual, f"{path}.default_use", _default_use),
        _identifiers(sheet, path, r),
        sheet.name_or_null(r, path, "trained_for"),
    )


def _default_use(sheet: Sheet, path: str, row: object) -> DefaultUse:
    d = sheet.fields(row, path, keys.USES_ALTERATIONS_DEPICTIONS)
    return _default_use_of(
        sheet.words(d, path, "uses", "use", _use),
        sheet.words(d, path, "alterations", "alteration", _alteration),
        sheet.words(d, path, "depictions", "depiction", _depiction),
    )


def asset(sheet: Sheet, path: str, row: object) -> Asset:
    """How a replica is recognised."""
    r = sheet.fields(row, path, keys.ASSET)
    kind = sheet.word(r, path, "kind", AssetKind)
    return _asset_of(sheet.name(r, path, "replica"), kind, _match(sheet, path, r))


def not_replica(sheet: Sheet, path: str, row: object) -> NotReplica:
    """What looks like a replica and is none."""
    r = sheet.fields(row, path, keys.NOT_REPLICA)
    match = _match(sheet, path, r)
    return NotReplica(
        match, sheet.text(r, path, "reason"), sheet.name(r, path, "by"), sheet.moment(r, path, "at")
    )


def _match(sheet: Sheet, path: str, r: Json) -> Match:
    path = f"{path}.match"
    match = r.get("match")
    if "match" in r and (type(match) is not dict or len(match) != 1):
        sheet.fault(path, "expected an object with one of: path, sha256, metadata, entity")
    if type(match) is not dict or len(match) != 1:
        return _match_of(MatchKind.PATH, "")
    (key,) = match
    if key == "metadata":
        m = sheet.fields(match[key], f"{path}.metadata", keys.KEY_VALUE)
        value = sheet.text(m, f"{path}.metadata", "value")
        return _match_of(MatchKind.METADATA, value, sheet.name(m, f"{path}.metadata", "key"))
    if key == "sha256":
        return _match_of(MatchKind.SHA256, sheet.sha256(match, path, key, "-"))
    if key in ("path", "entity"):
        return _match_of(MatchKind(key), sheet.name(match, path, key))
    sheet.fault(f"{path}.{key}", unknown("match", key, [kind.value for kind in MatchKind]))
    return _match_of(MatchKind.PATH, "")


def production(sheet: Sheet, path: str, row: object) -> Production:
    """A production and its delivery profile."""
    r = sheet.fields(row, path, keys.PRODUCTION, keys.TITLE_PRINCIPAL_PHOTOGRAPHY_START_DELIVERY)
    return Production(
        sheet.name(r, path, "id"),
        sheet.text(r, path, "title"),
        sheet.day_or_null(r, path, "principal_photography_start"),
        sheet.choice(r, path, "agreement", AGREEMENTS),
        None if r.get("delivery") is None else _delivery(sheet, f"{path}.delivery", r["delivery"]),
    )


def _delivery(sheet: Sheet, path: str, row: object) -> Delivery:
    r = sheet.fields(row, path, keys.DELIVERY, keys.RELEASE_FROM_RELEASE_UNTIL_DISCLOSURE)
    first, last = sheet.day_or_null(r, path, "release_from"), sheet.day_or_null(r, path, "release_until")
    _in_order(sheet, path, first, last, "release_until", "before release_from")
    return Delivery(
        sheet.words(r, path, "media", "media", _medium, star=True),
        sheet.words(r, path, "territories", "territories", unknown_place, star=True),
        sheet.words(r, path, "languages", "languages", unknown_language, star=True),
        first,
        last,
        sheet.words(r, path, "disclosure", "means", bad_name),
    )


def licence(sheet: Sheet, path: str, row: object) -> Licence:
    """One grant."""
    r = sheet.fields(row, path, keys.LICENCE, keys.EVIDENCE_STATUS_AT)
    start, end = sheet.moment_or_null(r, path, "valid_from"), sheet.moment_or_null(r, path, "valid_until")
    _not_empty(sheet, path, start, end, "valid_until")
    status, licensees, scope, forbidden, approval, training = sheet.alike(r, path, _terms, _TERMS)
    return _licence_of(
        sheet.name(r, path, "id"),
        sheet.count(r, path, "revision"),
        status,
        sheet.moment_or_null(r, path, "status_at"),
        sheet.name(r, path, "performer"),
        sheet.words(r, path, "replicas", "ids", bad_name, star=True),
        sheet.name_or_null(r, path, "authority"),
        licensees,
        scope,
        forbidden,
        start,
        end,
        sheet.seconds_or_null(r, path, "max_screen_time_s"),
        sheet.count_or_null(r, path, "max_shots"),
        approval,
        training,
        _consent(sheet, f"{path}.consent", r.get("consent", {})),
        sheet.alike(r.get("compensation", {}), f"{path}.compensation", _compensation),
        _evidence(sheet, path, r),
    )


# What a studio's licences have in common, far oftener than their names, days and caps: read once for all alike.
_TERMS = itemgetter("status", "licensees", "scope", "forbidden_depictions", "approval", "training")
_Terms = tuple[LicenceStatus, tuple[str, ...], Scope, tuple[str, ...], ApprovalNeeded, Training]


def _terms(sheet: Sheet, path: str, r: Json) -> _Terms:
    return (
        sheet.word(r, path, "status", LicenceStatus),
        sheet.words(r, path, "licensees", "ids", bad_name, star=True),
        _scope(sheet, f"{path}.scope", r.get("scope", {})),
        sheet.words(r, path, "forbidden_depictions", "depiction", _depiction),
        sheet.word(r, path, "approval", ApprovalNeeded),
        sheet.word(r, path, "training", Training),
    )


def _scope(sheet: Sheet, path: str, row: object) -> Scope:
    r = sheet.fields(row, path, keys.SCOPE)
    take = sheet.words
    return _scope_of(
        take(r, path, "productions", "ids", bad_name, star=True),
        take(r, path, "episodes", "ids", bad_name, star=True),
        take(r, path, "sequences", "ids", bad_name, star=True),
        take(r, path, "shots", "ids", bad_name, star=True),
        take(r, path, "characters", "ids", bad_name, star=True),
        take(r, path, "uses", "uses", _use, star=True),
        take(r, path, "alterations", "alterations", _alteration, star=True),
        take(r, path, "modalities", "modalities", _modality, star=True),
        take(r, path, "media", "media", _medium, star=True),
        take(r, path, "territories", "territories", unknown_place, star=True),
        take(r, path, "languages", "languages", unknown_language, star=True),
    )


def _consent(sheet: Sheet, path: str, row: object) -> Consent:
    r = sheet.fields(row, path, keys.CONSENT, keys.NOTICE_AT)
    return _consent_of(
        sheet.text(r, path, "description"),
        sheet.moment_or_null(r, path, "signed_at"),
        sheet.moment_or_null(r, path, "notice_at"),
        sheet.choice(r, path, "represented_by", ("none", "counsel", "union")),
        sheet.truth(r, path, "survives_death"),
    )


def _compensation(sheet: Sheet, path: str, row: object) -> Compensation:
    r = sheet.fields(row, path, keys.COMPENSATION, keys.DUE)
    basis = sheet.choice(r, path, "basis", ("production_days", "session", "per_use", "none"))
    status = sheet.choice(r, path, "status", ("not_due", "due", "paid", "disputed"))
    return _compensation_of(basis, status, sheet.day_or_null(r, path, "due"))


def approval(sheet: Sheet, path: str, row: object) -> Approval:
    """One answer of the performer's side."""
    r = sheet.fields(row, path, keys.APPROVAL, keys.NOTE)
    return _approval_of(
        sheet.name(r, path, "licence"),
        sheet.name(r, path, "shot"),
        sheet.name_or_null(r, path, "version"),
        _frames(sheet, path, r),
        sheet.choice(r, path, "decision", ("approved", "rejected")) == "approved",
        sheet.name(r, path, "by"),
        sheet.moment(r, path, "at"),
        sheet.text(r, path, "note"),
    )


def _frames(sheet: Sheet, path: str, r: Json) -> FrameRange | None:
    value = r.get("source_range")
    if value is None:
        return None
    if type(value) is list and len(value) == 2 and type(value[0]) is int and type(value[1]) is int:
        if value[0] < value[1]:
            return FrameRange(value[0], value[1])
        sheet.fault(f"{path}.source_range", "the range ends before it begins (half-open: [first, end))")
    else:
        sheet.fault(f"{path}.source_range", "expected two whole numbers, [first, end)")
    return None


def exemption(sheet: Sheet, path: str, row: object) -> Exemption:
    """A claim that no consent is needed."""
    r = sheet.fields(row, path, keys.EXEMPTION, keys.EVIDENCE)
    value = r.get("expires")
    expires: date | datetime | None = (
        sheet.day_or_null(r, path, "expires")
        if isinstance(value, str) and len(value) == 10
        else sheet.moment_or_null(r, path, "expires")
    )
    return _exemption_of(
        sheet.name(r, path, "id"),
        sheet.choice(r, path, "basis", BASES),
        sheet.name(r, path, "production"),
        sheet.words(r, path, "shots", "ids", bad_name, star=True),
        sheet.name(r, path, "replica"),
        sheet.text(r, path, "claimant"),
        sheet.choice(r, path, "role", ("supervisor", "producer", "legal")),
        _evidence(sheet, path, r),
        expires,
    )


def suspension(sheet: Sheet, path: str, row: object) -> Suspension:
    """A stop over a scope for a time."""
    r = sheet.fields(row, path, keys.SUSPENSION, keys.UNTIL)
    kind, value = _suspended(sheet, f"{path}.scope", r.get("scope", {}))
    start = sheet.moment_or_day(r, path, "from", ends=False)
    end = sheet.moment_or_day(r, path, "until", ends=True)
    _not_empty(sheet, path, start, end, "until")
    if start is None:
        if "from" in r:
            sheet.fault(f"{path}.from", f"expected a time, found {kind_of(r['from'])}")
        start = sheet.moment({}, path, "from")
    reason = sheet.choice(r, path, "reason", ("strike", "dispute", "court"))
    return Suspension(sheet.name(r, path, "id"), kind, value, reason, start, end)


def _suspended(sheet: Sheet, path: str, row: object) -> tuple[str, str]:
    scope = sheet.fields(row, path, keys.KIND_VALUE, keys.VALUE)
    kind = sheet.choice(scope, path, "kind", SUSPENDED)
    if kind == "global" and scope.get("value") is None:
        return kind, ""
    value = sheet.text(scope, path, "value") if "value" in scope else ""
    if kind != "global" and not value.strip():
        sheet.fault(f"{path}.value", f"expected the {kind} that is suspended")
    elif kind == "agreement" and not any(one.startswith(value) for one in AGREEMENTS):
        # It would stop nothing, and everybody would think that it does.
        sheet.fault(f"{path}.value", unknown("agreement", value, ("sag-aftra", *AGREEMENTS)))
    return kind, value


def waiver(sheet: Sheet, path: str, row: object) -> Waiver:
    """Two persons' acceptance of reasons. Whether they may is judged by `evaluate`."""
    r = sheet.fields(row, path, keys.WAIVER)
    until = sheet.moment_or_day(r, path, "until", ends=True)
    if until is None:
        if "until" in r and r["until"] is None:
            sheet.fault(f"{path}.until", "a waiver must end: expected a time, found null")
        until = sheet.moment({}, path, "until")
    return Waiver(
        sheet.name(r, path, "id"),
        sheet.words(r, path, "codes", "code", _code),
        sheet.name(r, path, "production"),
        sheet.words(r, path, "shots", "ids", bad_name, star=True),
        sheet.text(r, path, "by"),
        sheet.choice(r, path, "role", ("producer", "legal")),
        sheet.text(r, path, "approved_by"),
        sheet.text(r, path, "reason"),
        until,
    )


def _identifiers(sheet: Sheet, path: str, r: Json) -> tuple[Identifier, ...]:
    if r.get("identifiers") == []:
        return ()
    found = []
    for index, row in enumerate(sheet.rows(r, "identifiers", path)):
        at = f"{path}.identifiers[{index}]"
        one = sheet.fields(row, at, keys.SCHEME_VALUE)
        found.append(_identifier_of(sheet.name(one, at, "scheme"), sheet.name(one, at, "value")))
    return tuple(found)


def _evidence(sheet: Sheet, path: str, r: Json) -> tuple[EvidenceDocument, ...]:
    if r.get("evidence") == []:
        return ()
    found = []
    for index, row in enumerate(sheet.rows(r, "evidence", path)):
        at = f"{path}.evidence[{index}]"
        one = sheet.fields(row, at, keys.URI_SHA256, keys.SHA256)
        found.append(_evidence_document_of(sheet.name(one, at, "uri"), sheet.sha256(one, at, "sha256")))
    return tuple(found)


def _in_order(sheet: Sheet, path: str, first: date | None, last: date | None, key: str, how: str) -> None:
    if first is not None and last is not None and last < first:
        sheet.fault(f"{path}.{key}", f"{last} lies {how} ({first})")


def _not_empty(sheet: Sheet, path: str, start: datetime | None, end: datetime | None, key: str) -> None:
    if start is not None and end is not None and end <= start:
        sheet.fault(f"{path}.{key}", "this range ends before it begins")
