"""The closed catalogue of reason codes (domain.md, section 3), and the one way to make a `Reason`.

A code that is not here cannot be reported. `severity` is what a code does unless the rule file or a rule pack says
otherwise; codes whose waiver is NEVER keep theirs whatever a rule file says.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import NamedTuple

from clearcut.core.verdict import NO_DETAIL, Detail, Reason, Severity


class WaiverBy(str, Enum):
    """Who may waive a code: nobody, legal alone, producer or legal; NOT_NEEDED where it never hinders."""

    NEVER = "never"
    LEGAL = "legal"
    PRODUCER = "producer or legal"
    NOT_NEEDED = "not needed"


class CodeEntry(NamedTuple):
    """One line of the catalogue: what the code means, why it hinders, who can fix it and how.

    `duty` is True for what is still owed when the code is only a warning: the use is `cleared_with_duties`.
    """

    code: str
    severity: Severity
    waiver: WaiverBy
    who: str
    meaning: str
    remedy: str
    duty: bool = False


_LETTERS = {"B": Severity.BLOCK, "U": Severity.UNKNOWN, "W": Severity.WARN, "I": Severity.INFO}
_WAIVERS = {"N": WaiverBy.NEVER, "L": WaiverBy.LEGAL, "P": WaiverBy.PRODUCER, "-": WaiverBy.NOT_NEEDED}
_DUTIES = frozenset(
    {
        "compensation-outstanding",
        "disclosure-missing",
        "approval-required",
        "approval-version-outdated",
        "approval-range-exceeded",
        "synthetic-notice-missing",
    }
)

_CLEARANCE, _TD, _EDITOR, _PRODUCER = "clearance", "pipeline TD", "editor", "producer"

# code, severity, waiver, who fixes it, what it means, what to do
# fmt: off
_TABLE: tuple[tuple[str, str, str, str, str, str], ...] = (
    ("unidentified-replica", "U", "L", _TD, "Something looks like a replica and nobody has said whose it is, or that it is none.", "register it as a performer's replica, or declare it not a replica with a reason"),
    ("unknown-replica", "U", "N", _TD, "The edit names a replica that the registry does not know.", "register the replica, or correct its name in the edit"),
    ("unknown-performer", "B", "L", _CLEARANCE, "A replica is registered without the performer it shows.", "link the replica to a performer"),
    ("asset-hash-mismatch", "B", "L", _TD, "A file changed since it was registered.", "register the file again"),
    ("no-licence", "B", "L", _CLEARANCE, "No licence grants this replica at all.", "request consent for the shot"),
    ("licence-draft", "B", "L", _CLEARANCE, "The nearest licence is not signed yet.", "have it signed"),
    ("licence-not-yet-valid", "B", "L", _CLEARANCE, "The nearest licence begins later.", "wait until it begins, or ask for an earlier start"),
    ("licence-expired", "B", "L", _CLEARANCE, "The nearest licence has ended.", "renew it"),
    ("licence-superseded", "B", "L", _CLEARANCE, "The nearest licence was replaced by another.", "refresh: use the licence that replaced it"),
    ("licence-expires-soon", "W", "P", _CLEARANCE, "The licence ends soon.", "extend it"),
    ("licence-expires-before-release", "W", "P", _CLEARANCE, "The licence ends before the release window does.", "extend it past the release window"),
    ("licence-revoked", "B", "N", _PRODUCER, "The licence was revoked.", "take the replica out of the shot, or obtain a new licence"),
    ("licence-suspended", "B", "N", "guild liaison", "The licence is suspended.", "wait until the suspension is lifted"),
    ("strike-suspended", "B", "N", "guild liaison", "A strike stops this work.", "wait until the suspension is lifted"),
    ("licence-conflict", "B", "L", _CLEARANCE, "Of two active licences one grants what the other forbids.", "settle which of the two holds"),
    ("authority-not-verified", "B", "L", _CLEARANCE, "Nobody has proved that the licensor may grant this.", "prove the licensor's right"),
    ("authority-expired", "B", "L", _CLEARANCE, "The licensor's mandate did not hold at signing, or does not now.", "obtain a current mandate"),
    ("consent-not-specific", "B", "L", "legal", "The consent does not describe the use, and neither counsel nor a union stood by.", "describe the use, or record counsel or union"),
    ("consent-notice-short", "W", "P", "production", "The performer had less than 48 hours' notice before signing.", "record the notice, or its waiver"),
    ("term-too-long", "W", "L", "legal", "The licence runs longer than the law or the agreement lets it.", "shorten the term"),
    ("minor-prohibited", "B", "N", _PRODUCER, "Nudity or simulated sex of a minor. Nothing permits it.", "take it out of the shot"),
    ("minor-approval-missing", "B", "L", "legal", "A minor's licence lacks a guardian's or court's approval.", "attach the guardian's or court's approval"),
    ("production-out-of-scope", "B", "L", _CLEARANCE, "The licence does not cover this production.", "obtain consent for the production"),
    ("episode-out-of-scope", "B", "L", _CLEARANCE, "The licence does not cover this episode.", "obtain consent for the episode"),
    ("sequence-out-of-scope", "B", "L", _CLEARANCE, "The licence does not cover this sequence.", "obtain consent for the sequence"),
    ("shot-out-of-scope", "B", "L", _CLEARANCE, "The licence does not cover this shot.", "obtain consent for the shot"),
    ("character-out-of-scope", "B", "L", _CLEARANCE, "The licence does not cover this character.", "obtain consent for the character"),
    ("use-not-permitted", "B", "L", "clearance, compositor", "The licence does not permit this kind of use.", "remove it, or request it"),
    ("alteration-not-permitted", "B", "L", "clearance, compositor", "The licence does not permit this alteration.", "remove it, or request it"),
    ("modality-not-permitted", "B", "L", "clearance, compositor", "The licence does not permit this modality.", "remove it, or request it"),
    ("depiction-forbidden", "B", "L", _PRODUCER, "A licence forbids what is depicted.", "take the depiction out of the shot"),
    ("background-as-principal", "B", "L", _CLEARANCE, "A background performer's replica is used as a principal.", "obtain principal terms for the performer, and record the replica in the category they give it"),
    ("media-out-of-scope", "B", "P", _CLEARANCE, "The licence does not cover a medium of the delivery.", "extend the media"),
    ("territory-out-of-scope", "B", "P", _CLEARANCE, "The licence does not cover a territory of the delivery.", "extend the territories"),
    ("language-out-of-scope", "B", "P", _CLEARANCE, "The licence does not cover a language.", "extend the languages"),
    ("facility-not-authorised", "B", "L", _PRODUCER, "The licence does not name this facility among its licensees.", "authorise the facility"),
    ("delivery-profile-missing", "W", "P", "production", "The production has no delivery profile: everything is demanded.", "define the delivery profile"),
    ("approval-required", "B", "P", "performer's representative", "The shot needs an approval and has none.", "submit the shot for approval"),
    ("approval-version-outdated", "B", "P", "performer's representative", "Another version of the shot was approved.", "submit this version for approval"),
    ("approval-range-exceeded", "B", "P", "performer's representative", "Frames outside the approved range are used.", "have the added frames approved"),
    ("approval-rejected", "B", "N", "compositor", "The performer's side rejected the shot.", "change the shot as the note says"),
    ("screen-time-exceeded", "B", "L", _EDITOR, "The cut shows more of the replica than the licence's cap.", "trim, or have the cap raised"),
    ("screen-time-near-cap", "W", "-", _EDITOR, "Little of the licence's screen time is left.", "mind what is left"),
    ("shot-count-exceeded", "B", "L", _EDITOR, "More shots use the licence than it allows.", "drop a shot, or have the number raised"),
    ("compensation-outstanding", "B", "P", "production accounting", "What is due to the performer is not paid.", "settle the payment"),
    ("training-not-permitted", "B", "L", "ML TD", "The licence permits no model trained on the performer.", "remove the model"),
    ("model-out-of-scope", "B", "L", "ML TD", "The model was trained for something else.", "retrain it within this production"),
    ("biometric-in-publish", "B", "L", _TD, "Raw biometric data would be published.", "detach the file"),
    ("synthetic-notice-missing", "B", "L", "guild liaison", "The notice that a synthetic performer needs is not filed.", "file the notice"),
    ("disclosure-missing", "W", "P", "production", "The delivery lacks a disclosure that is demanded.", "add the disclosure"),
    ("exemption-unsupported", "B", "L", "supervisor", "An exemption is claimed without what it needs.", "attach the evidence, or have the right role claim it"),
    ("shot-not-in-cut", "U", "P", "compositor", "The cut has no shot of this name.", "check the shot's name"),
    ("shot-ambiguous", "U", "P", _TD, "The edit gives one clip several shot names.", "fix the shot naming rule"),
    ("shot-unnamed", "U", "P", _TD, "The edit gives a clip no shot name.", "fix the shot naming rule"),
    ("cut-missing", "U", "P", _EDITOR, "There is no edit to look at.", "name the edit, or export it"),
    ("cut-unreadable", "U", "P", _EDITOR, "The edit could not be read.", "export the edit again"),
    ("cut-stale", "U", "P", _EDITOR, "This is not the governing cut.", "fetch the governing cut"),
    ("rate-unknown", "U", "P", _EDITOR, "The edit does not say its frame rate.", "give the rate with --rate"),
    ("scene-unreadable", "U", "P", _TD, "The comp or scene could not be read.", "save it again, or name the right file"),
    ("scene-incomplete", "U", "P", _TD, "What part of the comp or scene uses cannot be told.", "make the node's source readable"),
    ("backend-unavailable", "U", "N", "render wrangler, pipeline TD", "The clearance backend did not answer.", "try again; `clearcut doctor` says what is wrong"),
    ("backend-unauthorised", "U", "N", "render wrangler, pipeline TD", "The clearance backend refused the token.", "set a valid token in CLEARCUT_TOKEN"),
    ("backend-invalid-answer", "U", "N", "render wrangler, pipeline TD", "The clearance backend answered nonsense.", "try again, and tell whoever runs the server"),
    ("bundle-stale", "U", "N", "administrator", "The signed bundle is too old.", "refresh the bundle"),
    ("bundle-rollback", "U", "N", "administrator", "The signed bundle is older than one already seen.", "refresh the bundle"),
    ("signature-invalid", "U", "N", "administrator", "The bundle's signature does not hold.", "refresh the bundle"),
    ("clock-untrusted", "U", "N", "administrator", "This machine's clock cannot be right.", "set the clock"),
    ("evaluation-error", "U", "N", _TD, "Something went wrong while judging.", "report the trace"),
)
# fmt: on

CATALOGUE: Mapping[str, CodeEntry] = MappingProxyType(
    {
        code: CodeEntry(code, _LETTERS[severity], _WAIVERS[waiver], who, meaning, remedy, code in _DUTIES)
        for code, severity, waiver, who, meaning, remedy in _TABLE
    }
)


def reason(
    code: str,
    message: str,
    *,
    remedy: str | None = None,
    licence: str | None = None,
    detail: Detail = NO_DETAIL,
    severity: Severity | None = None,
) -> Reason:
    """A reason of the catalogue, with its own words where the general ones say too little.

    Raises KeyError on a code that is not in the catalogue.
    """
    entry = CATALOGUE[code]
    return Reason(
        code, severity or entry.severity, message, remedy or entry.remedy, entry.who, licence, detail
    )
