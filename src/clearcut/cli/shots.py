"""`clearcut shots`: what each clip is called and why, so that a TD can tune the rule file."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import click

from clearcut.bootstrap import CheckOptions, choose_backend
from clearcut.cli import Exit
from clearcut.cli.options import rate
from clearcut.core.cut import Cut
from clearcut.core.identify import identify
from clearcut.core.registry import Recognition
from clearcut.core.rules import EXTRACTORS, Rules, ShotNaming
from clearcut.core.shots import NamedClip, name_shots
from clearcut.core.use import Evidence
from clearcut.edit import EditFile
from clearcut.report.shot_table import Row, state, to_json, to_text
from clearcut.settings import Environment, load_rules

_ALWAYS_THERE = ("metadata_paths", "patterns", "clip_name")


@click.command()
@click.argument("edit", type=click.Path(path_type=Path, readable=False))
@click.option("--registry", metavar="FILE", help="Also show the replicas that this registry knows.")
@click.option("--server", metavar="URL", help="Also show the replicas that this clearance server knows.")
@click.option(
    "--rules",
    "rule_file",
    type=click.Path(path_type=Path, readable=False),
    metavar="FILE",
    help="The rule file [clearcut.toml, found upwards].",
)
@click.option(
    "--rate", type=rate, metavar="RATE", help="The frame rate of an edit that does not say it (EDL)."
)
@click.option("--doubtful", is_flag=True, help="Only clips without a name, with several, or with a fault.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    help="What goes to stdout [text].",
)
def command(
    edit: Path,
    registry: str | None,
    server: str | None,
    rule_file: Path | None,
    rate: Fraction | None,
    doubtful: bool,
    form: str,
) -> int:
    r"""The clips of an edit, the shot each one is, and the evidence for it.

    \b
      clearcut shots cut.otio
      clearcut shots turnover.edl --rate 24 --doubtful
      clearcut shots cut.otio --registry registry.json --format json

    "not asked" names what an extractor would say that the rule file does not turn on ([shots] extractors).

    Exit codes: 0 the table was printed, whatever it says; 2 wrong usage or a faulty rule file; 3 the edit could not
    be read, or the backend did not answer.
    """
    rules = load_rules(edit, rule_file).rules
    cut = EditFile(edit, rate=rate).read()
    rows = [
        row
        for row in _rows(cut, rules, _recognition(registry, server))
        if not doubtful or _is_doubtful(row.named)
    ]
    if form == "json":
        click.echo(json.dumps(to_json(cut, rows), indent=2))
    else:
        click.echo(to_text(cut, rows), nl=False)
    return int(Exit.CLEARED)


def _recognition(registry: str | None, server: str | None) -> Recognition:
    """What the backend that was named knows; nothing without one: the names need none."""
    if not registry and not server:
        return Recognition((), (), ())
    options = CheckOptions(registry=registry, server=server)
    return choose_backend(options, Environment.read(), Rules()).recognition()


def _rows(cut: Cut, rules: Rules, recognition: Recognition) -> list[Row]:
    identified = identify(cut, recognition, rules)
    evidence: dict[str, list[tuple[str, Evidence]]] = {}
    for use in identified.uses:
        for seen in use.evidence:
            evidence.setdefault(_place(seen.where), []).append((use.replica, seen))
    unasked = _unasked(cut, rules.shot_naming)
    return [
        Row(one, tuple(evidence.get(one.clip.where, ())), more.candidates if not one.settled else ())
        for one, more in zip(identified.clips, unasked, strict=True)
    ]


def _unasked(cut: Cut, naming: ShotNaming) -> tuple[NamedClip, ...]:
    """The clips as the extractors that the rule file leaves out would name them."""
    others = tuple(kind for kind in EXTRACTORS if kind not in naming.extractors and kind not in _ALWAYS_THERE)
    return name_shots(cut, naming._replace(extractors=others))


def _place(where: str) -> str:
    """The object of the edit that a piece of evidence stands in."""
    return where.partition(".metadata")[0].partition(".media_references[")[0]


def _is_doubtful(one: NamedClip) -> bool:
    faulty = any(said.faults for said in (*one.declared, *one.around))
    return faulty or state(one) in ("ambiguous", "unnamed")
