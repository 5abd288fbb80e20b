"""`clearcut doctor`: whether the gate would hold here, and each way it would not."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

import click

from clearcut.cli import Exit
from clearcut.publish.finding import Finding, State, broken, state_of

_MARKS = {State.HOLDS: "ok", State.NOTE: "note", State.UNTOLD: "CANNOT TELL", State.BROKEN: "BROKEN"}
_COLOURS = {State.HOLDS: "green", State.NOTE: None, State.UNTOLD: "yellow", State.BROKEN: "red"}
_EXITS = {State.HOLDS: Exit.CLEARED, State.UNTOLD: Exit.CANNOT_TELL, State.BROKEN: Exit.BLOCKED}


@click.command("doctor")
@click.option(
    "--host",
    type=click.Choice(["shell", "nuke", "blender"]),
    default="shell",
    help="Where the publish is to be stopped [shell].",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="[text]")
@click.pass_context
def command(ctx: click.Context, host: str, form: str) -> None:
    """Whether the gate would hold here, and each way it would not.

    Looks at what Pyblish would run in this environment, publishes a made-up shot with our plug-ins alone, and asks
    the backend. Each line that is not in order says who mends it and how.

    Exit codes: 0 the gate would hold; 1 it would not; 3 it cannot be told from here (run it inside the host).
    """
    findings = tuple(examine(host))
    click.echo(_as_json(host, findings) if form == "json" else _as_text(host, findings))
    state = state_of(findings)
    if state is not State.HOLDS:
        click.echo(f"clearcut: {_last_word(host, findings)}", err=True)
    ctx.exit(_EXITS[state])


def examine(host: str) -> Iterator[Finding]:
    """Everything that bears on the gate in that host."""
    for topic, look in (("pyblish", _pyblish), ("setup", _setup), ("host", lambda: _host(host))):
        try:
            yield from look()
        except Exception as error:  # noqa: BLE001 - what cannot be looked at does not hold
            yield broken(
                topic,
                f"could not be looked at ({type(error).__name__}: {error})",
                "report this with the output of `clearcut --debug doctor`",
            )


# Imported one by one, so that a part that does not even load is a finding and the rest is still looked at.
def _pyblish() -> Iterator[Finding]:
    from clearcut.publish.inspection import inspect_pyblish

    return inspect_pyblish()


def _setup() -> Iterator[Finding]:
    from clearcut.publish.setup_inspection import inspect_setup

    return inspect_setup()


def _host(host: str) -> Iterator[Finding]:
    from clearcut.publish.host_inspection import inspect_host

    return inspect_host(host)


def _as_text(host: str, findings: Iterable[Finding]) -> str:
    lines = []
    for finding in findings:
        mark = click.style(f"{_MARKS[finding.state]:>11}", fg=_COLOURS[finding.state])
        lines.append(f"{mark}  {finding.topic}: {finding.message}")
        if finding.remedy:
            lines.append(f"{'':>11}  -> {finding.who}: {finding.remedy}")
    return "\n".join([f"The gate in {_NAMES[host]}", "", *lines])


_NAMES = {"shell": "this shell", "nuke": "Nuke", "blender": "Blender"}


def _as_json(host: str, findings: tuple[Finding, ...]) -> str:
    rows = [
        {
            "topic": finding.topic,
            "state": finding.state.value,
            "message": finding.message,
            "who": finding.who,
            "remedy": finding.remedy,
        }
        for finding in findings
    ]
    document = {
        "schema": "clearcut.doctor/1",
        "host": host,
        "state": state_of(findings).value,
        "findings": rows,
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def _last_word(host: str, findings: tuple[Finding, ...]) -> str:
    state = state_of(findings)
    worst = next(finding for finding in findings if finding.state is state)
    count = sum(finding.state is state for finding in findings)
    verb = "would not hold" if state is State.BROKEN else "cannot be vouched for from here"
    return (
        f"the gate {verb} in {_NAMES[host]} ({count} of {len(findings)} lines); {worst.who}: {worst.remedy}"
    )
