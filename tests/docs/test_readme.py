"""The README is held to the program: its commands, options and exit codes are the real ones."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from clearcut.cli import COMMANDS, Exit, cli

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
TYPED = [line[2:].split("  #")[0] for line in README.splitlines() if line.startswith("$ clearcut ")]


def command_named(name: str) -> click.Command:
    with click.Context(cli) as context:
        command = cli.get_command(context, name)
    assert command is not None
    return command


def options_of(words: list[str]) -> set[str]:
    """Every option that `clearcut WORDS...` knows, subcommands followed."""
    command = command_named(words[0])
    rest = words[1:]
    while isinstance(command, click.Group) and rest and rest[0] in command.commands:
        command, rest = command.commands[rest[0]], rest[1:]
    return {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)} | {
        "--help"
    }


def test_every_command_stands_in_the_table_and_no_other() -> None:
    named = [match.split()[0] for match in re.findall(r"^\| `clearcut ([^`]+)`", README, re.MULTILINE)]
    assert sorted(named) == sorted(COMMANDS)


def test_the_exit_codes_are_the_programs() -> None:
    table = README.split("## Exit codes")[1].split("##")[0]
    assert {int(code) for code in re.findall(r"^\| (\d+) \|", table, re.MULTILINE)} == {
        int(code) for code in Exit
    }


def test_the_readme_types_commands_at_all() -> None:
    assert len(TYPED) >= 5


@pytest.mark.parametrize("typed", TYPED)
def test_each_command_that_the_readme_types_exists_with_its_options(typed: str) -> None:
    words = shlex.split(typed)[1:]
    assert words[0] in COMMANDS
    unknown = {w.split("=")[0] for w in words if w.startswith("--")} - options_of(words)
    assert not unknown


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_a_help_page_that_says_what_it_is_for(name: str) -> None:
    command = command_named(name)
    assert command.help
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{name} {parameter.opts}"
