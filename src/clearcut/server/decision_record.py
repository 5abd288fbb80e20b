"""What the record keeps of a decision: what it rests on, what it came to, and digests of what was said.

No performer, no replica and no contract: who holds the question and the answer can prove by the digests that they
are the ones, and nobody else learns anything from the record.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from operator import attrgetter
from typing import Any

from clearcut.core.codec import format_moment, to_plain
from clearcut.core.packs import RulePack
from clearcut.core.request import CheckAnswer, CheckRequest
from clearcut.core.verdict import Outcome
from clearcut.store.documents import canonical
from clearcut.store.tokens import Holder

_OUTCOME = attrgetter("outcome")


def decision_record(
    holder: Holder, revision: int, packs: tuple[RulePack, ...], request: CheckRequest, answer: CheckAnswer
) -> dict[str, Any]:
    """`registry` is its revision, `packs` those that were loaded, `policy` the digest of the rules' part of it."""
    # Counted as they are: asking 10,000 enum members for their value takes longer than counting them.
    outcomes = Counter(map(_OUTCOME, answer.decisions))
    return {
        "token": holder.id,
        "production": request.production,
        "cut": request.cut_version,
        "facility": request.facility,
        "registry": revision,
        "packs": [f"{one.id} {one.dated.isoformat()}" if one.dated else one.id for one in packs],
        "policy": sha256(canonical(to_plain(request.policy)).encode()),
        "as_of": format_moment(answer.as_of),
        "what_if": request.now is not None,
        "whole_cut": request.whole_cut,
        "outcomes": {outcome.value: outcomes[outcome] for outcome in Outcome if outcome in outcomes},
    }


def sha256(text: bytes) -> str:
    """64 hex digits."""
    return hashlib.sha256(text).hexdigest()
