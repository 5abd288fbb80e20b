"""The keys of the records of `clearcut.registry/1`: all of a record's, and which of them may be missing."""

from __future__ import annotations


def _keys(text: str) -> frozenset[str]:
    return frozenset(text.split())


PERFORMER = _keys("id name pseudonym born died identifiers")
AUTHORITY = _keys("id performer kind party valid_from valid_until verified")
REPLICA = _keys(
    "id performer category technique captured_on modalities capture_source default_use identifiers trained_for"
)
REPLICA_OPTIONAL = _keys("captured_on default_use identifiers trained_for")
ASSET = _keys("replica kind match")
NOT_REPLICA = _keys("match reason by at")
PRODUCTION = _keys("id title principal_photography_start agreement delivery")
DELIVERY = _keys("media territories languages release_from release_until disclosure")
LICENCE = _keys(
    "id revision status status_at performer replicas authority licensees scope forbidden_depictions valid_from"
    " valid_until max_screen_time_s max_shots approval training consent compensation evidence"
)
SCOPE = _keys(
    "productions episodes sequences shots characters uses alterations modalities media territories languages"
)
CONSENT = _keys("description signed_at notice_at represented_by survives_death")
COMPENSATION = _keys("basis status due")
APPROVAL = _keys("licence shot version source_range decision by at note")
EXEMPTION = _keys("id basis production shots replica claimant role evidence expires")
SUSPENSION = _keys("id scope reason from until")
WAIVER = _keys("id codes production shots by role approved_by reason until")

BORN_IDENTIFIERS = _keys("born identifiers")
USES_ALTERATIONS_DEPICTIONS = _keys("uses alterations depictions")
KEY_VALUE = _keys("key value")
TITLE_PRINCIPAL_PHOTOGRAPHY_START_DELIVERY = _keys("title principal_photography_start delivery")
RELEASE_FROM_RELEASE_UNTIL_DISCLOSURE = _keys("release_from release_until disclosure")
EVIDENCE_STATUS_AT = _keys("evidence status_at")
NOTICE_AT = _keys("notice_at")
DUE = _keys("due")
NOTE = _keys("note")
EVIDENCE = _keys("evidence")
UNTIL = _keys("until")
KIND_VALUE = _keys("kind value")
VALUE = _keys("value")
SCHEME_VALUE = _keys("scheme value")
URI_SHA256 = _keys("uri sha256")
SHA256 = _keys("sha256")
