"""The catalogue of reason codes as a page of Markdown: what docs/troubleshooting.md is made of, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from clearcut.cli.explain import HINDERS, WAIVERS
from clearcut.core.chain import CLAUSES
from clearcut.core.reasons import CATALOGUE, CodeEntry
from clearcut.core.rules import floor_of

_HEAD = """# Troubleshooting, by reason code

Every stop ends in a code. Find it here, or ask `clearcut explain CODE`. Why a certain shot has it, from the clip down
to the clause and the rule line: `clearcut check EDIT --explain SHOT`.

This page is written by `clearcut explain --format markdown`; a test holds it to the catalogue.
"""


def page(entries: tuple[CodeEntry, ...]) -> str:
    """The whole page for all codes, the section alone for one; ends in a line break."""
    whole = len(entries) == len(CATALOGUE)
    head = [_HEAD, *_by_person(entries)] if whole else []
    return "\n".join([*head, *(line for entry in entries for line in _section(entry))]).rstrip() + "\n"


def _by_person(entries: Iterable[CodeEntry]) -> Iterator[str]:
    people: dict[str, list[str]] = {}
    for entry in entries:
        people.setdefault(entry.who, []).append(f"[{entry.code}](#{entry.code})")
    yield "| who can fix it | codes |"
    yield "|---|---|"
    for who, codes in people.items():
        yield f"| {_plain(who)} | {', '.join(codes)} |"
    yield ""


def _section(entry: CodeEntry) -> Iterator[str]:
    floor = floor_of(entry.code)
    yield f"## {entry.code}"
    yield ""
    yield f"{_plain(entry.meaning)} {HINDERS[entry.severity]}"
    yield ""
    yield f"- **To do**: {_plain(entry.remedy)}"
    yield f"- **Ask**: {_plain(entry.who)}"
    if entry.code in CLAUSES:
        yield f"- **In the registry**: `{CLAUSES[entry.code]}`"
    yield f"- **Waiver**: {WAIVERS[entry.waiver]}"
    if floor is not entry.severity:
        yield f"- **Rule file**: may make it `{floor.value}` where the layer above allows it by name"
    if entry.duty:
        yield "- **Duty**: where it is only a warning it is still owed: `cleared_with_duties`"
    yield ""


def _plain(text: str) -> str:
    """Catalogue text in Markdown: what stands in braces or angles is shown, not obeyed."""
    return text.replace("|", "\\|").replace("<", "&lt;")
