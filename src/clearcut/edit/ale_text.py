"""An Avid log as OpenTimelineIO's adapter reads it: in UTF-8, sections by their exact names, no column told twice."""

from __future__ import annotations

import re
from typing import NamedTuple

from clearcut.edit.edl import decode

_SECTIONS = ("heading", "column", "data")
# As the format breaks lines; what else breaks one in some editors may stand in a cell.
_LINES = re.compile(r"\r\n|[\r\n]")


class AvidLog(NamedTuple):
    """The log's text, and whether its heading says the frame rate."""

    text: str
    says_rate: bool


def avid_log(raw: bytes) -> AvidLog:
    """The log in whatever code it was written in; without NULs, behind which a name would be cut off."""
    made: list[str] = []
    section, says_rate = "", False
    for line in _LINES.split(decode(raw).replace("\0", "")):
        word = line.strip().casefold()
        if section != "data" and word in _SECTIONS:
            section = word
            made.append(word.capitalize())
        elif section == "heading" and line.partition("\t")[0].strip().upper() == "FPS":
            rate = line.partition("\t")[2].strip()
            if rate:
                says_rate = True
                made.append(f"FPS\t{rate}")
        elif section == "column" and word:
            made.append("\t".join(_told_apart(line.split("\t"))))
        else:
            made.append(line)
    return AvidLog("\n".join(made), says_rate)


def _told_apart(columns: list[str]) -> list[str]:
    """Of two columns of one name the adapter would keep the last one only."""
    named: list[str] = []
    for number, column in enumerate(columns, 1):
        named.append(f"{column} ({number})" if column in named else column)
    return named
