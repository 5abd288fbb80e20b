"""`clearcut rules check|show|explain|test|schema|packs`: the rule file, its layers, where each value came from."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from clearcut.core.verdict import Severity
from clearcut.errors import UsageError
from clearcut.settings import Origin, ResolvedRules, Setting, load_packs, load_rules, read_rules
from clearcut.settings.keys import ALL_NAMES, KEYS, SEVERITIES, can_be_loosened

_Command = TypeVar("_Command", bound=Callable[..., Any])


@click.group()
def command() -> None:
    r"""Check, show, explain or test the rule file.

    \b
    clearcut rules check
    clearcut rules show --resolved
    clearcut rules explain severity.compensation-outstanding
    clearcut rules test rules_test.toml
    clearcut rules schema > clearcut.schema.json
    clearcut rules packs
    """


def _found_by(command: _Command) -> _Command:
    """Adds the options that say whose rules are meant."""
    edit = click.option(
        "--edit",
        type=click.Path(path_type=Path, readable=False),
        help="As for this edit [the working folder].",
    )
    rules = click.option(
        "--rules",
        type=click.Path(path_type=Path, readable=False),
        help="This show file [clearcut.toml, found upwards].",
    )
    return edit(rules(command))


@command.command()
@click.argument("file", required=False, type=click.Path(path_type=Path, readable=False))
@click.option(
    "--edit", type=click.Path(path_type=Path, readable=False), help="As for this edit [the working folder]."
)
@click.option(
    "--studio", is_flag=True, help="FILE is the studio's: it may loosen and allow what a show may not."
)
def check(file: Path | None, edit: Path | None, studio: bool) -> None:
    """Every fault of FILE, or of all rule files that hold here, with file and line. Exit 2 when there is one.

    FILE is looked at as a show's, below the studio's rules that hold on this machine.
    """
    if studio and file is None:
        raise UsageError("--studio needs a FILE", who="you", remedy="name the studio's rule file")
    resolved = read_rules([("studio", file)]) if studio and file else load_rules(edit, file)
    if not resolved.layers:
        click.echo("no rule file holds here: the built-in rules do")
        return
    for layer in resolved.layers:
        click.echo(f"{layer.path}: no faults ({layer.kind}, {len(layer.settings)} settings)")


@command.command()
@click.option("--resolved", is_flag=True, help="The values that the layers come to, with where each is from.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@_found_by
def show(resolved: bool, form: str, edit: Path | None, rules: Path | None) -> None:
    """The layers that hold, upper first; with --resolved the values that they come to."""
    found = load_rules(edit, rules)
    if form == "json":
        click.echo(json.dumps(_as_json(found, resolved=resolved), indent=2, ensure_ascii=False))
        return
    click.echo("built-in")
    for layer in found.layers:
        click.echo(f"{layer.kind:8}  {layer.path}")
        for name in layer.allow:
            click.echo(f"{'':8}  allows {name}")
    if resolved:
        click.echo("")
        for origin in in_force(found):
            click.echo(f"{_named(origin.setting)} = {_shown(origin.setting.value)}  # {origin.setting.where}")


@command.command()
@click.argument("key")
@_found_by
def explain(key: str, edit: Path | None, rules: Path | None) -> None:
    """What KEY is for, and every file and line that set it, in order: the last one counts."""
    name = _known(key)
    found = load_rules(edit, rules)
    click.echo(name)
    if name in KEYS:
        click.echo(f"  {KEYS[name].kind.value}: {KEYS[name].meaning}")
    else:
        click.echo(f"  severity of a reason; `clearcut explain {SEVERITIES[name]}` says what it means")
    click.echo(f"  {_leave(name)}")
    chain = found.origins.get(name, ())
    if not chain:
        click.echo("  no layer sets it: the built-in severity holds")
    for origin in chain:
        click.echo(
            f"  {origin.setting.where}: {_named(origin.setting)} = {_shown(origin.setting.value)} ({origin.layer})"
        )


@command.command()
@click.argument("file", type=click.Path(path_type=Path, readable=False))
@click.pass_context
def test(ctx: click.Context, file: Path) -> None:
    """Runs the cases of FILE against the rules. Exit 0 when all pass, 1 when one does not, 2 on a fault."""
    from clearcut.settings.cases import read_cases, run_case

    cases = read_cases(file)
    resolved = load_rules(file, cases.rules)
    failed = 0
    for case in cases.cases:
        result = run_case(case, resolved.rules)
        failed += bool(result.differences)
        click.echo(f"{'FAIL' if result.differences else 'ok  '}  {case.name}")
        for difference in result.differences:
            click.echo(f"      {case.where}: {difference}")
    click.echo(f"{len(cases.cases) - failed} of {len(cases.cases)} cases pass")
    if failed:
        click.echo(
            f"clearcut: {failed} of the cases in {file} failed; pipeline TD: mend the rules, or the case",
            err=True,
        )
        ctx.exit(1)


@command.command()
def schema() -> None:
    """The rule file's JSON Schema (draft 2020-12), for editors."""
    from clearcut.settings.schema import rule_file_schema

    click.echo(json.dumps(rule_file_schema(), indent=2, ensure_ascii=False))


@command.command()
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def packs(form: str) -> None:
    """The rule packs that decide here: agreements and laws, what each demands, by which clause and source.

    What rests on one source is marked. CLEARCUT_PACKS names a folder of a studio's own.
    """
    from clearcut.cli.packs_page import packs_as_json, packs_as_text

    known = load_packs()
    click.echo(packs_as_json(known) if form == "json" else packs_as_text(known))


def in_force(found: ResolvedRules) -> list[Origin]:
    """Every value that counts: the last of a key, all of a list that adds up, each severity for its section."""
    shown: list[Origin] = []
    for name, chain in found.origins.items():
        if name in SEVERITIES:
            shown.extend({(o.setting.sequence, o.setting.department): o for o in chain}.values())
        elif KEYS[name].adds:
            shown.extend([o for o in chain if o.setting.value] or chain[:1])
        else:
            shown.append(chain[-1])
    return shown


def _leave(name: str) -> str:
    """What a lower layer may do with a key."""
    if name in KEYS and KEYS[name].pinned:
        return (
            "the first file to set it has decided it; a lower one needs its leave, by name, to say otherwise"
        )
    if can_be_loosened(name):
        return "a layer may tighten it, and loosen it where the layer above allows it by name"
    return "a layer may raise it, and never lower it" if name in SEVERITIES else "each layer may set it"


def _known(key: str) -> str:
    from difflib import get_close_matches

    if key in ALL_NAMES:
        return key
    if f"severity.{key}" in SEVERITIES:
        return f"severity.{key}"
    near = get_close_matches(key, ALL_NAMES, n=1, cutoff=0.4)
    hint = f"did you mean {near[0]!r}?" if near else "`clearcut rules show --resolved` lists all keys"
    raise UsageError(f"unknown key {key!r}", who="you", remedy=hint)


def _named(setting: Setting) -> str:
    if setting.sequence != "*":
        return f"sequence.{json.dumps(setting.sequence)}.{setting.name}"
    if setting.department != "*":
        return f"department.{json.dumps(setting.department)}.{setting.name}"
    return setting.name


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Severity) else value


def _shown(value: Any) -> str:
    return "(not set)" if value is None else json.dumps(_plain(value), ensure_ascii=False)


def _as_json(found: ResolvedRules, *, resolved: bool) -> dict[str, Any]:
    document: dict[str, Any] = {
        "layers": [
            {"kind": layer.kind, "path": layer.path, "allow": list(layer.allow)} for layer in found.layers
        ]
    }
    if resolved:
        document["values"] = [
            {
                "key": origin.setting.name,
                "value": _plain(origin.setting.value),
                "sequence": origin.setting.sequence,
                "department": origin.setting.department,
                "layer": origin.layer,
                "where": origin.setting.where,
            }
            for origin in in_force(found)
        ]
    return document
