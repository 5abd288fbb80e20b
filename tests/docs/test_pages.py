"""Every page of the documentation is held to the program: commands, options, links, reason codes."""

import re
import shlex
from itertools import pairwise
from pathlib import Path

import click
import pytest

from clearcut.cli import COMMANDS, cli
from clearcut.cli.explain_page import page
from clearcut.core.reasons import CATALOGUE

HOME = Path(__file__).parents[2]
PAGES = [HOME / "README.md", *sorted((HOME / "docs").rglob("*.md"))]
GLOBAL = {"--debug", "--version", "--help"}


def _name(path):
    return path.relative_to(HOME).as_posix()


def code_in(text):
    """Every line of a fenced block, and every code span."""
    fenced = re.findall(r"^```[^\n]*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    spans = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))
    return [line for block in fenced for line in block.splitlines()] + spans


def typed_in(text):
    """The words after `clearcut` of every command that a page shows, without what a shell adds to it."""
    found = []
    for line in code_in(text):
        for match in re.finditer(
            r"(?:^|\$ |\$\(|[A-Z_]+=\S+ |then )(clearcut (?:--?[a-z-]+|[a-z]+\b).*)", line
        ):
            words = re.split(r'\s[|>;#&]|\s{3,}|\)"', match[1])[0].replace("\\|", "|")
            if not re.match(r"clearcut [a-z]+\.", words):
                found.append(shlex.split(words.replace("'", "")))
    return [words[1:] for words in found]


TYPED = [(_name(path), words) for path in PAGES for words in typed_in(path.read_text(encoding="utf-8"))]


def faults_of(words):
    """What is wrong with `clearcut WORDS...`, "" when it could be typed."""
    words = [word for word in words if word != "--debug"]
    if not words or words[0] in GLOBAL:
        return ""
    if words[0] not in COMMANDS:
        return f"no command {words[0]}"
    with click.Context(cli) as context:
        command = cli.get_command(context, words[0])
    rest = words[1:]
    if isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
        named = rest[0].split("|")
        lacking = [name for name in named if name not in command.commands]
        if lacking:
            return f"no command {words[0]} {lacking[0]}"
        command = command.commands[named[0]]
    known = {name for p in command.params for name in (*p.opts, *p.secondary_opts)} | {"--help"}
    options = [word.split("=")[0] for word in rest if word.startswith("--")]
    wrong = [word for word in options if word not in known]
    return f"{words[0]} has no option {wrong[0]}" if wrong else _wrong_choice(command, rest)


def _wrong_choice(command, rest):
    for parameter in command.params:
        if not isinstance(parameter.type, click.Choice):
            continue
        for option, value in pairwise(rest):
            if option in parameter.opts and value not in parameter.type.choices and value.islower():
                return f"{option} {value}: not a choice"
    return ""


def test_pages_show_commands_at_all():
    assert len(TYPED) > 80
    assert {name for name, _ in TYPED} > {
        "docs/for-compositors.md",
        "docs/rule-file.md",
        "docs/running-the-server.md",
    }


@pytest.mark.parametrize("name", sorted({name for name, _ in TYPED}))
def test_every_command_that_a_page_shows_exists_with_its_options(name):
    assert [(words, faults_of(words)) for page, words in TYPED if page == name and faults_of(words)] == []


@pytest.mark.parametrize(
    "line",
    ["clearcut chekc x", "clearcut check --explian S", "clearcut check --format pfd", "clearcut db upgarde"],
)
def test_a_command_that_is_not_there_is_noticed(line):
    assert faults_of(typed_in(f"```\n$ {line}\n```")[0])


def links_of(path):
    text = re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    return [link for link in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in link]


def anchors_of(path):
    heads = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("path", PAGES, ids=_name)
def test_links_lead_to_files_and_headings_that_exist(path):
    for link in links_of(path):
        name, _, anchor = link.partition("#")
        to = (path.parent / name).resolve() if name else path
        assert to.is_file(), link
        assert not anchor or anchor in anchors_of(to), link


def test_the_troubleshooting_page_is_what_the_command_writes():
    written = (HOME / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
    assert written == page(tuple(CATALOGUE.values())), "run `make docs`"


def test_every_page_can_be_reached_from_the_index():
    index, seen = HOME / "docs" / "README.md", set()
    open_ = [index]
    while open_:
        one = open_.pop()
        if one not in seen and one.suffix == ".md":
            seen.add(one)
            open_ += [
                (one.parent / link.partition("#")[0]).resolve() for link in links_of(one) if link[0] != "#"
            ]
    assert set((HOME / "docs").rglob("*.md")) <= seen


def test_pictures_are_small_and_all_of_them_are_shown():
    shown = {
        (path.parent / link).resolve() for path in PAGES for link in links_of(path) if link.endswith(".png")
    }
    there = set((HOME / "docs").rglob("*.png"))
    assert there == shown
    assert all(file.stat().st_size < 150_000 for file in there)
