"""The command line: one file per command, each imported only when it is called.

A command's module has a click command named `command`; the table below is all that `clearcut --help` needs.
Exit codes are those of interface.md; `main` is the one place that turns an exception into one.
"""

from __future__ import annotations

import contextlib
import errno
import importlib
import io
import os
import sys
from collections.abc import Callable
from enum import IntEnum

import click

from clearcut import __version__
from clearcut.errors import CannotTellError, ClearcutError


class Exit(IntEnum):
    """What a command's exit code means (interface.md)."""

    CLEARED = 0
    BLOCKED = 1
    USAGE = 2
    CANNOT_TELL = 3
    DEFECT = 70


# command -> (module, one line of help). The order is the order of the help page.
COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("demo", "Show the main job on shipped data, with nothing set up."),
    "check": ("check", "The verdict on a cut: which shots may be published, and why not."),
    "scan": ("scan", "What a comp or scene uses, per publish target."),
    "shots": ("shots", "The clips of an edit, the shot each one is, and the evidence for it."),
    "diff": ("diff", "What changed between two cuts for clearance."),
    "mark": ("mark", "A saved verdict as coloured markers on its edit."),
    "usage": ("usage", "Per performer and licence: shots, screen time, terms, duties, approvals."),
    "panel": ("panel", "A window on the verdict: why, what to do and whom to ask."),
    "explain": ("explain", "What a reason code means, who can fix it and how."),
    "doctor": ("doctor", "Whether the gate would hold here, and each way it would not."),
    "request": ("request", "Ask clearance for what a stopped shot needs; answer, list, take back."),
    "cut": ("cut", "Register versions of a cut, make one govern, note publishes."),
    "impact": ("impact", "Which shots a licence, performer or suspension touches, and what is published."),
    "registry": ("registry", "Validate, import or export a registry file."),
    "rules": ("rules", "Check, show, explain or test the rule file."),
    "serve": ("serve", "Run the clearance server."),
    "token": ("token", "Create, list or revoke API tokens."),
    "db": ("db", "Upgrade, back up or restore the database."),
    "audit": ("audit", "Verify the record of changes and decisions."),
    "paths": ("paths", "What to put on PYBLISHPLUGINPATH, NUKE_PATH and Blender's script path."),
    "completion": ("completion", "Make bash, zsh or fish complete commands and options."),
}


class _LazyGroup(click.Group):
    """Knows the names and help lines of all commands without importing any."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"clearcut.cli.{COMMANDS[cmd_name][0]}")
        command = module.command
        if not isinstance(command, click.Command):
            raise TypeError(f"clearcut.cli.{cmd_name} has no command")
        _keep_examples(command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


def _keep_examples(command: click.Command) -> None:
    r"""Lets the examples of a help page keep their lines: click wants a backspace where docstrings write `\\b`."""
    command.help = command.help and command.help.replace("\\b\n", "\b\n")
    for inner in command.commands.values() if isinstance(command, click.Group) else ():
        _keep_examples(inner)


@click.command(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="clearcut")
@click.option("--debug", is_flag=True, help="Show the traceback of a defect in Clearcut itself.")
@click.pass_context
def cli(ctx: click.Context, debug: bool) -> None:
    r"""Clearcut stops a shot from being published when it shows a replica of a performer without a valid licence.

    \b
    Begin with:
      clearcut demo                                  the whole job on a made-up show
      clearcut check CUT.otio --registry REG.json    the verdict on your cut
      clearcut explain no-licence                    what a reason means

    Exit codes: 0 cleared, 1 blocked, 2 wrong usage or a faulty file, 3 could not decide, 70 a defect.
    """
    ctx.ensure_object(dict)["debug"] = debug


_keep_examples(cli)


def report_error(error: ClearcutError) -> None:
    """Prints what happened, and on the last line why the exit is not 0 and what to do next."""
    click.echo(f"clearcut: {error.code}: {error}", err=True)
    remedy = error.remedy or "see `clearcut --help`"
    click.echo(f"clearcut: could not go on ({error.code}); {error.who}: {remedy}", err=True)


def run() -> None:
    """The program: `main`, in a process of which nothing is needed afterwards."""
    main(leave=_leave)


def _leave(code: int) -> None:
    """Ends the process at once, when everything is written. Raises BrokenPipeError when nobody reads it.

    Whoever calls it has closed what it opened: no exit handler runs.
    """
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:  # as it is where the process was started with the stream closed
            stream.flush()
    os._exit(code)


def main(argv: list[str] | None = None, *, leave: Callable[[int], None] | None = None) -> None:
    """Runs the command line and leaves with an exit code; never a traceback for a user's mistake.

    `leave` is how a command that holds much in memory may end the process; None where others live in it.
    """
    arguments = sys.argv[1:] if argv is None else argv
    for stream in (sys.stdout, sys.stderr):
        # A name that the console cannot show must not end the check: Windows' pipes are cp1252.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        code = cli.main(args=arguments, prog_name="clearcut", standalone_mode=False, obj={"leave": leave})
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        sys.exit(Exit.CLEARED)
    except click.ClickException as error:
        error.show()
        click.echo(f"clearcut: wrong usage: {error.format_message()}; see `clearcut --help`", err=True)
        sys.exit(Exit.USAGE)
    except click.Abort:
        click.echo("clearcut: stopped", err=True)
        sys.exit(130)
    except CannotTellError as error:
        report_error(error)
        sys.exit(Exit.CANNOT_TELL)
    except ClearcutError as error:
        report_error(error)
        sys.exit(Exit.USAGE)
    except BrokenPipeError:
        # The reader left (`| head`): nobody is there to be told, and success would be a claim.
        sys.stderr.close()
        sys.exit(141)
    except Exception as error:  # noqa: BLE001 - the entry point: a defect must be one line and block
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EIO):
            click.echo(f"clearcut: could not write: {error.strerror}; make room and run it again", err=True)
            with contextlib.suppress(OSError):
                sys.stdout.close()  # Python would try to write what is left, and leave with 120
            sys.exit(Exit.CANNOT_TELL)
        if "--debug" in arguments:
            import traceback  # here, because it takes a tenth of the start

            traceback.print_exc()
        click.echo(
            f"clearcut: a defect in Clearcut itself ({type(error).__name__}: {error}); nothing was cleared. "
            "Run it again as `clearcut --debug …` and report the traceback",
            err=True,
        )
        sys.exit(Exit.DEFECT)
    sys.exit(code if isinstance(code, int) else Exit.CLEARED)
