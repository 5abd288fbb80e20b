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
        "42346050e84c50b4d700bdf530ae3586120fa4c85a921a4cc366d172c2892199",
    ),
    ShippedPlugin(
        "clearcut_ask.py",
        "AskClearcut",
        0.51,
        "573220df971bb49b5e7e9b7857c18666a5978708029372914426597a0647f62f",
    ),
    ShippedPlugin(
        "clearcut_validate.py",
        "ValidateClearcut",
        1,
        "3c83680a84777cf4151c3bdcff46307bd5987946acde5a65dbefabb05e8cc021",
    ),
    ShippedPlugin(
        "clearcut_guard_validation.py",
        "GuardClearcutValidation",
        1.49,
        "f80825bb527b2a049229ef61c1c2db7fd266b9e8a598870f538c4107a5c79304",
    ),
    ShippedPlugin(
        "clearcut_guard_extraction.py",
        "GuardClearcutExtraction",
        1.51,
        "173a788616262c897162f962344563632e2c135de369d995e8ede7739a38e16e",
    ),
    ShippedPlugin(
        "clearcut_guard_integration.py",
        "GuardClearcutIntegration",
        2.51,
        "84c6aabb25f941e07a1df843a546549dbcfe6d9ec5877950d17e310f8a541033",
    ),
    ShippedPlugin(
        "clearcut_note.py",
        "NoteClearcut",
        3.49,
        "54539c0fff19bf8b1cbadc9f3c15ddb86df1233460a9188b1d3170c9588ca7c0",
    ),
)


def digest_of(path: Path) -> str:
    """sha256 of a text file's bytes with LF line ends: a checkout on Windows may have CRLF."""
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()
