"""`clearcut demo`: the main job on shipped data, told so that a producer would follow it."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from clearcut.bootstrap import CheckOptions, run_check, utc_now
from clearcut.cli.demo_show import DemoError, Published, Show, publish, run, server, unpack
from clearcut.core.verdict import Outcome, Reason, ShotVerdict, Verdict
from clearcut.report import FORMATS

CLEARED_SHOT, BLOCKED_SHOT = "HEL_010_0020", "HEL_010_0040"
_LOST_SHOT = "HEL_020_0050"
_SIGNS = {
    Outcome.NOT_APPLICABLE: "-",
    Outcome.EXEMPT: "~",
    Outcome.CLEARED: "+",
    Outcome.CLEARED_WITH_DUTIES: "+",
    Outcome.UNKNOWN: "?",
    Outcome.BLOCKED: "X",
}


@click.command()
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Where its files go [a new temporary folder].",
)
def command(folder: Path | None) -> int:
    """The whole job on a made-up show: a real server, a real cut, a real publish, a report.

    Exit code 0 when all of it happened as shipped.
    """
    show = unpack(folder or Path(tempfile.mkdtemp(prefix="clearcut-demo-")), utc_now().date())
    _say("1. The show", f"HELIOS, twelve shots in two sequences. Its files lie in {show.folder}")
    run(["registry", "import", str(show.registry), "--database", show.database])
    token = run(["token", "create", "--role", "td", "--name", "demo", "--database", show.database]).strip()
    with server(show) as address:
        _say(
            "2. The clearance server", f"runs at {address}, with the performers' licences in a fresh database"
        )
        environ = {"CLEARCUT_SERVER": address, "CLEARCUT_TOKEN": token}
        _judge(show, environ)
        _publish(show, environ)
    click.echo(
        "\nNext: `clearcut check CUT.otio --registry REGISTRY.json` on your own cut; `clearcut --help` for the rest."
    )
    return 0


def _judge(show: Show, environ: dict[str, str]) -> None:
    first = _check(show, "v041", environ)
    _say("3. Version 41 of the cut", "who is on screen, for how long, and may we show them?")
    _print_shots(first)
    _expect(_outcome(first, CLEARED_SHOT) is Outcome.CLEARED, f"{CLEARED_SHOT} is cleared")
    _expect(_outcome(first, BLOCKED_SHOT) is Outcome.BLOCKED, f"{BLOCKED_SHOT} is blocked")
    _expect(_outcome(first, _LOST_SHOT) is Outcome.CLEARED, f"{_LOST_SHOT} is cleared in v041")
    second = _check(show, "v042", environ)
    _say("4. Version 42", "the editor has made HEL_020_0040 longer by 30 frames. What does that do?")
    for shot in second.shots:
        before = _outcome(first, shot.name)
        if shot.outcome is not before:
            _print_shot(shot, f"was {before.value if before else 'not there'}, is now {shot.outcome.value}")
    _expect(_outcome(second, _LOST_SHOT) is Outcome.BLOCKED, f"{_LOST_SHOT} is blocked in v042")
    for version, verdict in (("v041", first), ("v042", second)):
        report = show.folder / f"report_{version}.html"
        report.write_text(FORMATS["html"](verdict), encoding="utf-8")
        (show.folder / f"report_{version}.json").write_text(FORMATS["json"](verdict), encoding="utf-8")
        click.echo(f"   the report of {version}, to open in a browser: {report}")


def _publish(show: Show, environ: dict[str, str]) -> None:
    _say(
        "5. Two artists press Publish", "in real Pyblish runs, with Clearcut's plug-ins on PYBLISHPLUGINPATH"
    )
    cleared = publish(show, "v041", CLEARED_SHOT, environ)
    _tell(CLEARED_SHOT, cleared)
    _expect(cleared.shots == (CLEARED_SHOT,), f"{CLEARED_SHOT} was published")
    blocked = publish(show, "v041", BLOCKED_SHOT, environ)
    _tell(BLOCKED_SHOT, blocked)
    _expect(not blocked.shots, f"{BLOCKED_SHOT} was stopped")
    _expect(bool(blocked.errors), f"{BLOCKED_SHOT} was told why")


def _check(show: Show, version: str, environ: dict[str, str]) -> Verdict:
    # An empty environment otherwise: the demo shows its own data, whatever is set up on this machine.
    return run_check(CheckOptions(edit=show.cut(version), server=environ["CLEARCUT_SERVER"], environ=environ))


def _outcome(verdict: Verdict, name: str) -> Outcome | None:
    shot = verdict.shot(name)
    return shot.outcome if shot is not None else None


def _expect(happened: bool, what: str) -> None:
    if not happened:
        raise DemoError(f"this did not happen: {what}")


def _say(title: str, text: str) -> None:
    click.echo(f"\n{title}\n   {text}")


def _tell(shot: str, published: Published) -> None:
    if published.shots:
        click.echo(f"   {shot}: published")
        return
    click.echo(f"   {shot}: stopped. The artist reads:")
    for line in (published.errors or ("nothing",))[0].splitlines():
        click.echo(f"      | {line}")


def _print_shots(verdict: Verdict) -> None:
    for shot in verdict.shots:
        _print_shot(shot, shot.outcome.value.replace("_", " "))


def _print_shot(shot: ShotVerdict, text: str) -> None:
    who = ", ".join(dict.fromkeys(u.decision.performer or u.use.replica for u in shot.uses))
    click.echo(f"   {_SIGNS[shot.outcome]} {shot.name:<14} {text}{f': {who}' if who else ''}")
    for why in _hindering(shot):
        click.echo(f"       {why.message}. {why.who}: {why.remedy}")


def _hindering(shot: ShotVerdict) -> list[Reason]:
    reasons = [*shot.reasons, *(r for use in shot.uses for r in use.decision.reasons)]
    return [r for r in reasons if r.severity.value in ("block", "unknown")]
