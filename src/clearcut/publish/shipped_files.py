"""The plug-in files as they are shipped: class, order and digest, so that `doctor` knows them from others."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ShippedPlugin:
    """One plug-in file. `sha256` is of its bytes with LF line ends, as hex."""

    file: str
    plugin: str
    order: float
    sha256: str


SHIPPED = (
    ShippedPlugin(
        "clearcut_collect.py",
        "CollectClearcut",
        0.49,
        "ed20e801e333bbf3dfe6786db5d628d483d67944468ceb24901309d3aed6f4d9",
    ),
    ShippedPlugin(
        "clearcut_ask.py",
        "AskClearcut",
        0.51,
        "869c653c11c9a5f3c5e83463f82c8cc284fc42e6ca6cb2e7d057b72cf84381f5",
    ),
    ShippedPlugin(
        "clearcut_validate.py",
        "ValidateClearcut",
        1,
        "beb48e980d6199cf15a51a394db5a9936553601c3f253deb503bf17e2d4532c7",
    ),
    ShippedPlugin(
        "clearcut_guard_validation.py",
        "GuardClearcutValidation",
        1.49,
        "1a8f3c3a696f297f9661a4b09377a464d0cc4dae07e0ba9b02106b7cf04ea00a",
    ),
    ShippedPlugin(
        "clearcut_guard_extraction.py",
        "GuardClearcutExtraction",
        1.51,
        "003473801929de0a0afa66fb2559ad0a50055d33588eb8dd74b1ca0ce8cea7af",
    ),
    ShippedPlugin(
        "clearcut_guard_integration.py",
        "GuardClearcutIntegration",
        2.51,
        "47e1cf68b3aa3a221f58cc29e105b7a569cc6c38b99ce6118726be9961606d73",
    ),
    ShippedPlugin(
        "clearcut_note.py",
        "NoteClearcut",
        3.49,
        "b6f85445132116588faade091e483690fddab85a904a03ef62dc16d3ddc454f7",
    ),
)


def digest_of(path: Path) -> str:
    """sha256 of a text file's bytes with LF line ends: a checkout on Windows may have CRLF."""
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()
