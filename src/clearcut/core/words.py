"""The closed vocabularies: an unknown word is a fault, never ignored (interface.md)."""

from __future__ import annotations

USES = ("principal", "stunt", "background", "reshoot", "dialogue", "dub", "promo", "previs")
ALTERATIONS = ("de_age", "age_up", "face_replacement", "lip_resync", "body_change", "voice_change")
DEPICTIONS = ("nudity", "simulated_sex", "violence", "drugs", "endorsement", "political", "religious")
MODALITIES = ("face", "body", "voice", "motion")
MEDIA = ("theatrical", "svod", "tvod", "avod", "broadcast", "home_video", "airline", "game", "promo")
AGREEMENTS = (
    "sag-aftra-tv-theatrical-2023",
    "sag-aftra-tv-theatrical-2026",
    "sag-aftra-interactive-2025",
    "sag-aftra-commercials-2025",
    "equity",
    "none",
)
EXEMPTION_BASES = (
    "as_scripted",
    "unsafe_for_human",
    "unrecognisable",
    "customary_post",
    "permitted_dub_or_double",
    "first_amendment",
)


def unknown_word(kind: str, word: object, known: tuple[str, ...]) -> str | None:
    """What is wrong with `word` as a `kind` ("use", "medium"), with a suggestion; None when it is known."""
    if isinstance(word, str) and word in known:
        return None
    from difflib import get_close_matches  # here, because most words are known

    near = get_close_matches(word, known, n=1) if isinstance(word, str) else []
    hint = f" (did you mean {near[0]!r}?)" if near else f" (known: {', '.join(known)})"
    return f"unknown {kind} {word!r}{hint}"
