"""The options that several commands share, and how their words become values."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timezone
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeVar

import click

from clearcut.bootstrap import CheckOptions
from clearcut.core.timing import parse_rate

_Command = TypeVar("_Command", bound=Callable[..., Any])
_MOMENT = r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d{1,6})?([Zz]|[+-]\d{2}:\d{2})"


def rate(word: str) -> Fraction:
    """The frame rate a word means: `24`, `23.976` (taken for 24000/1001), `24000/1001`; else wrong usage."""
    try:
        return parse_rate(word)
    except ValueError as error:
        raise click.BadParameter(f"{error}; give 24, 23.976 or 24000/1001") from error


def moment(word: str) -> datetime:
    """The moment in UTC that an RFC 3339 text means; one without a zone is wrong usage."""
    if not re.fullmatch(_MOMENT, word):
        raise click.BadParameter(f"{word!r} is no moment with a zone; give 2026-11-20T12:00:00Z")
    text = word.upper().replace("Z", "+00:00").replace(" ", "T")
    whole, dot, rest = text.partition(".")
    if dot:
        # Python 3.10 reads three or six digits of a second and nothing between.
        text = f"{whole}.{rest[:-6].ljust(6, '0')}{rest[-6:]}"
    try:
        return datetime.fromisoformat(text).astimezone(timezone.utc)
    except (ValueError, OverflowError) as error:
        raise click.BadParameter(f"{word!r}: {error}") from error


_BACKEND_OPTIONS = (
    click.option(
        "--registry", metavar="FILE", help="Decide in this process, from a registry (JSON or SQLite)."
    ),
    click.option("--server", metavar="URL", help="Ask this clearance server (token: CLEARCUT_TOKEN)."),
    click.option("--bundle", metavar="DIR", help="Decide from a signed bundle (not in this version)."),
    click.option(
        "--rules",
        type=click.Path(path_type=Path, readable=False),
        metavar="FILE",
        help="The rule file [clearcut.toml, found upwards].",
    ),
    click.option(
        "--rate", type=rate, metavar="RATE", help="The frame rate of an edit that does not say it (EDL)."
    ),
    click.option("--production", metavar="ID", help="The production [what the edit says]."),
    click.option("--facility", metavar="CODE", help="Who works on it; licences may name their licensees."),
    click.option("--department", metavar="NAME", help="Whose sections of the rule file hold."),
    click.option(
        "--now",
        type=moment,
        metavar="RFC3339",
        help="A what-if: judge as of this moment. The report says so.",
    ),
)


def judging_options(command: _Command) -> _Command:
    """Adds the options that say who decides, by what rules, and when."""
    for option in reversed(_BACKEND_OPTIONS):
        command = option(command)
    return command


def check_options(
    edit: Path | None, shots: tuple[str, ...], scenes: dict[str, Path], **given: Any
) -> CheckOptions:
    """The values of `judging_options`, and what is checked, as one value."""
    if given.pop("bundle", None):
        raise click.UsageError("this version reads no signed bundles; give --registry or --server")
    return CheckOptions(edit=edit, shots=shots, scenes=scenes, **given)
