"""`clearcut check`: the verdict on a cut, printed and written, with an exit code that never flatters."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

import click

from clearcut.bootstrap import CheckOptions
from clearcut.cli import Exit
from clearcut.cli.options import check_options, judging_options
from clearcut.cli.progress import progress
from clearcut.core.collector import collector_off
from clearcut.core.verdict import Outcome, Verdict, outcome_of, worst
from clearcut.judging import Judged, judge
from clearcut.report import BINARY_FORMATS, FORMATS, binary_format
from clearcut.report.visible import visible

_BY_SUFFIX = {
    ".txt": "text",
    ".json": "json",
    ".jsonl": "jsonl",
    ".xml": "junit",
    ".sarif": "sarif",
    ".html": "html",
    ".htm": "html",
    ".csv": "csv",
    ".pdf": "pdf",
}


@click.command()
@click.argument("edit", type=click.Path(path_type=Path, readable=False), required=False)
@click.option(
    "--shot",
    "shots",
    multiple=True,
    metavar="NAME",
    help="Only this shot decides the exit code (repeatable).",
)
@click.option(
    "--scene",
    "scenes",
    multiple=True,  # click would take the last of several and say nothing
    type=click.Path(path_type=Path, readable=False),
    metavar="FILE",
    help="With one --shot: add what this comp or scene uses.",
)
@click.option(
    "--explain", "explained", metavar="SHOT", help="Print the chain behind this shot instead of the report."
)
@judging_options
@click.option(
    "--format", "form", type=click.Choice(sorted(FORMATS)), default="text", help="What goes to stdout [text]."
)
@click.option(
    "--output",
    "outputs",
    multiple=True,
    metavar="[FORMAT=]FILE",
    help="Also write a report; by its suffix or FORMAT= (repeatable).",
)
@click.option("--watch", is_flag=True, help="Stay, and judge again whenever the edit is saved.")
def command(
    edit: Path | None,
    shots: tuple[str, ...],
    scenes: tuple[Path, ...],
    explained: str | None,
    form: str,
    outputs: tuple[str, ...],
    watch: bool,
    **judging: Any,
) -> int:
    r"""The verdict on a cut: which shots may be published, which may not, and why.

    \b
      clearcut check cut.otio --registry registry.json
      clearcut check cut.otio --server http://clearance:8765 --shot HEL_020_0100
      clearcut check cut.edl --rate 24 --output report.html --output junit=report.xml
      clearcut check cut.otio --shot HEL_020_0100 --scene comp_v004.nk
      clearcut check cut.otio --explain HEL_020_0100
      clearcut check cut.otio --watch

    Exit codes: 0 every shot asked for is cleared or uses no replica; 1 at least one is blocked; 2 wrong usage or a
    faulty file; 3 could not decide (never treated as cleared).
    """
    if scenes and len(shots) != 1:
        raise click.UsageError("--scene needs exactly one --shot: whose scene is it?")
    if len(scenes) > 1:
        raise click.UsageError("--scene is given once: check each comp or scene of a shot by itself")
    targets = [_target(output) for output in outputs]
    for name in {name for name, _ in targets if name in BINARY_FORMATS}:
        binary_format(name)  # what is not installed is said before the check
    options = check_options(
        edit, (*shots, *([explained] if explained else [])), dict(zip(shots, scenes, strict=False)), **judging
    )

    if not watch:
        leave = (click.get_current_context().obj or {}).get("leave")
        return _check(options, form, targets, explained, leave)
    if edit is None:
        raise click.UsageError("--watch needs the EDIT that it is to follow")
    from clearcut.cli.watch import follow

    again = partial(_check, options, form, targets, explained)
    return follow(edit, again, lambda text: click.echo(text, err=True))


def _check(
    options: CheckOptions,
    form: str,
    targets: list[tuple[str, Path]],
    explained: str | None,
    leave: Callable[[int], None] | None = None,
) -> int:
    """Judges, prints and writes once; gives the exit code, to `leave` where there is one."""
    with collector_off():
        with progress(f"checking {options.edit.name}" if options.edit is not None else "checking"):
            judged = judge(options)
        _print([_chain(options, judged, explained)] if explained else _printed(judged, form))
        for name, path in targets:
            with progress(f"writing {path.name}"):
                made = _made(judged, name)
            _write(path, made)
        code, why = conclusion(judged.deciding(options.shots), options.shots)
        if why:
            # A shot's name with a line end in it must not make another last line.
            click.echo(visible(why), err=True)
        if leave is not None:
            # Here, while the verdict is still held: taking it apart takes long.
            leave(int(code))
        return int(code)


def conclusion(verdict: Verdict, asked: tuple[str, ...]) -> tuple[Exit, str]:
    """The exit code, and the sentence for the last line of stderr ("" at exit 0).

    With shots asked for, only these decide; a shot that the verdict lacks is never a success.
    """
    if asked:
        found = {shot.name: shot for shot in verdict.shots}
        outcomes = [found[name].outcome if name in found else Outcome.UNKNOWN for name in asked]
        outcomes.append(outcome_of(verdict.reasons))  # what hinders the whole cut hinders each of its shots
    else:
        outcomes = [verdict.outcome, *(shot.outcome for shot in verdict.shots)]
    outcome = worst(outcomes)
    if outcome.may_publish:
        return Exit.CLEARED, ""
    names = [s.name for s in verdict.shots if s.outcome is outcome and (not asked or s.name in asked)]
    shown = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
    remedy = _first_remedy(verdict, outcome, asked)
    if outcome is Outcome.BLOCKED:
        return Exit.BLOCKED, f"clearcut: blocked: {shown or 'the cut'}; {remedy}"
    return Exit.CANNOT_TELL, f"clearcut: could not decide: {shown or 'the cut'}; {remedy}"


def _first_remedy(verdict: Verdict, outcome: Outcome, asked: tuple[str, ...]) -> str:
    for shot in verdict.shots:
        if shot.outcome is outcome and (not asked or shot.name in asked):
            for why in (*(r for use in shot.uses for r in use.decision.reasons), *shot.reasons):
                if why.severity.value in ("block", "unknown"):
                    return f"next: {why.remedy} ({why.who}; `clearcut explain {why.code}`)"
    for why in verdict.reasons:
        return f"next: {why.remedy} ({why.who}; `clearcut explain {why.code}`)"
    return "see the report above"


def _target(output: str) -> tuple[str, Path]:
    """`[FORMAT=]FILE` as a format and a path."""
    name, equals, rest = output.partition("=")
    if equals and (name in FORMATS or name in BINARY_FORMATS):
        return name, Path(rest)
    form = _BY_SUFFIX.get(Path(output).suffix.lower())
    if form is None:
        raise click.UsageError(
            f"--output {output!r}: no format by that suffix; write FORMAT={output} ({', '.join((*FORMATS, *BINARY_FORMATS))})"
        )
    return form, Path(output)


def _made(judged: Judged, name: str) -> list[bytes]:
    if name in BINARY_FORMATS:
        return [binary_format(name)(judged.whole())]
    # A kept verdict has its report at hand; any other format is made of the whole.
    return judged.json() if name == "json" else [FORMATS[name](judged.whole()).encode()]


def _write(path: Path, parts: list[bytes]) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as stream:
            stream.writelines(parts)
    except OSError as error:
        raise click.UsageError(f"could not write {path}: {error.strerror}") from error
    click.echo(f"clearcut: wrote {path}", err=True)


def _print(parts: Iterable[str | bytes]) -> None:
    """To stdout. Left to itself, click takes the colours that FORCE_COLOR demands out of what goes into a pipe."""
    from clearcut.settings import color_wanted

    color = color_wanted(sys.stdout) or None
    for part in parts:
        click.echo(part, nl=False, color=color)


def _printed(judged: Judged, form: str) -> Iterable[str | bytes]:
    if form == "json":
        return judged.json()
    if form != "text":
        return [FORMATS[form](judged.whole())]
    from clearcut.report.text import format_text
    from clearcut.settings import color_wanted

    return [format_text(judged.whole(), color=color_wanted(sys.stdout))]


def _chain(options: CheckOptions, judged: Judged, shot: str) -> str:
    """The chain behind one shot, from the clip to the rule line."""
    from clearcut.bootstrap import compose
    from clearcut.core.chain import chain
    from clearcut.core.shots import name_shots

    verdict = judged.deciding((shot,))
    found = verdict.shot(shot)
    if found is None or verdict.edit.timebase is None:
        reasons = "; ".join(f"{why.code}: {why.message}" for why in verdict.reasons)
        return f"{shot}: {verdict.outcome.value}\n  {visible(reasons)}\n"
    setup = compose(options)
    clips = name_shots(setup.edit.read(), setup.rules.shot_naming)
    lines = chain(found, clips, verdict.edit.timebase, setup.rules.policy)
    return "".join(f"{visible(line)}\n" for line in lines)
