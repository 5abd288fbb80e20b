"""`clearcut diff`: what a new cut does to clearance, and which change did it."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from clearcut.bootstrap import CheckOptions, Setup, compose, utc_now
from clearcut.check import check_cut
from clearcut.cli import Exit
from clearcut.cli.options import check_options, judging_options
from clearcut.core.cut import Cut
from clearcut.core.diff import diff_cuts
from clearcut.core.diff_verdicts import VerdictDiff, diff_verdicts
from clearcut.core.shots import name_shots
from clearcut.core.verdict import Verdict
from clearcut.report.difference import to_json, to_text


@click.command()
@click.argument("old", type=click.Path(path_type=Path, readable=False))
@click.argument("new", type=click.Path(path_type=Path, readable=False))
@judging_options
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    help="What goes to stdout [text].",
)
def command(old: Path, new: Path, form: str, **judging: Any) -> int:
    r"""What changed between two cuts for clearance, and which change did it.

    \b
      clearcut diff cut_v041.otio cut_v042.otio --registry registry.json
      clearcut diff old.edl new.edl --rate 24 --server http://clearance:8765 --format json

    Shots added, removed, moved, trimmed, retimed, with other media; screen time per replica and licence before and
    after; newly blocked and newly cleared shots. Both cuts are judged now, by the same rules.

    Exit codes: 0 no shot is newly blocked; 1 at least one is; 2 wrong usage or a faulty file; 3 could not tell: an
    edit could not be read, or a shot is newly unknown.
    """
    options = check_options(old, (), {}, **judging)
    before, after = _judged(options), _judged(replace(options, edit=new))
    cut = diff_cuts(before.cut, after.cut, before.names(), after.names())
    verdicts = diff_verdicts(before.verdict, after.verdict, cut)
    if form == "json":
        click.echo(json.dumps(to_json(before.verdict, after.verdict, cut, verdicts), indent=2))
    else:
        click.echo(to_text(before.verdict, after.verdict, cut, verdicts), nl=False)
    code, why = conclusion(before.verdict, after.verdict, verdicts)
    if why:
        click.echo(why, err=True)
    return int(code)


@dataclass(frozen=True, slots=True)
class _ReadCut:
    """A cut that is read already."""

    cut: Cut

    def read(self) -> Cut:
        return self.cut


@dataclass(frozen=True, slots=True)
class _Judged:
    """One of the two cuts, with its verdict."""

    setup: Setup
    cut: Cut
    verdict: Verdict

    def names(self) -> Any:
        return name_shots(self.cut, self.setup.rules.shot_naming)


def _judged(options: CheckOptions) -> _Judged:
    """Reads a cut once and judges it. Raises EditError: two cuts of which one is unreadable cannot be compared."""
    setup = compose(options)
    cut = setup.edit.read()
    verdict = check_cut(_ReadCut(cut), setup.backend, setup.rules, setup.question, utc_now)
    return _Judged(setup, cut, verdict)


def conclusion(old: Verdict, new: Verdict, verdicts: VerdictDiff) -> tuple[Exit, str]:
    """The exit code, and the sentence for the last line of stderr ("" at exit 0)."""
    if verdicts.newly_blocked:
        first = verdicts.newly_blocked[0]
        remedy = next((f"{why.remedy} ({why.who})" for why in first.reasons), "see above")
        names = ", ".join(turn.shot for turn in verdicts.newly_blocked[:5])
        return Exit.BLOCKED, f"clearcut: newly blocked: {names}; next: {remedy}"
    hindering = [why for verdict in (new, old) for why in verdict.reasons if why.severity.value == "unknown"]
    if verdicts.newly_unknown or hindering:
        told = [why for turn in verdicts.newly_unknown for why in turn.reasons] or hindering
        remedy = next((f"{why.remedy} ({why.who})" for why in told), "see above")
        names = ", ".join(turn.shot for turn in verdicts.newly_unknown[:5]) or "the cuts"
        return Exit.CANNOT_TELL, f"clearcut: could not tell: {names}; next: {remedy}"
    return Exit.CLEARED, ""
