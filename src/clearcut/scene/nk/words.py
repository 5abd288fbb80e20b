"""The words of a Nuke script, as TCL splits them: braces, quotes, brackets, backslashes, comments.

A script is a list of commands. A node is a command of two words, its class and a braced body; the body is a list of
knob names and values. Values are kept raw (`{…}`, `"…"` or bare), because how a value was written says whether it
is an expression. Nothing is substituted and nothing is run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

# White space is what TCL splits at (re.ASCII): a no-break space or a byte of Chinese text is part of a word.
# One knob on one line, in its common forms. Each form is written so that a failed match costs linear time.
_KNOB = re.compile(
    r"""[ \t]*([A-Za-z_][\w.:\-]*)[ \t]+
    ( [^\s"{}\\;\[\]$]+                                     # bare
    | "[^"\\{}]*(?:\\[\s\S][^"\\{}]*)*"                     # quoted, every brace in it escaped
    | \{[^{}\\]*(?:\{[^{}\\]*\}[^{}\\]*)*\}                 # braced, at most two deep
    )[ \t]*\n\s*""",
    re.VERBOSE | re.ASCII,
)
# Commands whose braced argument is text, not knobs.
TEXT_COMMANDS = frozenset(
    (
        "define_window_layout_xml",
        "add_layer",
        "add_format",
        "knob_default",
        "python",
        "tcl",
        "eval",
        "proc",
        "if",
    )
)
_SPACE = re.compile(r"(?:[ \t\n;]|\\\n)*")
_BLANK = re.compile(r"(?:[ \t]|\\\n)*")
_NODE = re.compile(r"([A-Za-z_][\w.]*)[ \t]+\{\s*", re.ASCII)
# The orders between nodes, in the form Nuke writes them.
_ORDER = re.compile(r"(?:(push) (\$?\w+)|(set) (\w+) (\[stack \d+\])|(end_group))\n", re.ASCII)
_QUOTED = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_BARE = re.compile(r"(?:[^\s\\{}\";]|\\.|(?<=[^\s])\")+", re.DOTALL | re.ASCII)
_BRACES = re.compile(r"[{}]|\\.", re.DOTALL)
_BRACKETS = re.compile(r"[\[\]]|\\.", re.DOTALL)
_COMMENT = re.compile(r"#[^\n\\]*(?:\\.[^\n\\]*)*", re.DOTALL)
_COMMAND_START = re.compile(
    r"\s*(?:\Z|#|\}|[A-Za-z_][\w.]*[ \t]+\{|(?:set|push|end_group|clone|version|define_\w+|add_\w+)\b)",
    re.ASCII,
)


class TornError(ValueError):
    """The text ends inside a brace, quote or bracket that opened at `offset`."""

    def __init__(self, offset: int, opened: str) -> None:
        super().__init__(f"{opened} is never closed")
        self.offset = offset
        self.opened = opened


class Command(NamedTuple):
    """One command: its words raw, and for a node its knobs instead of a body.

    `words` has the class alone for a node. `knobs` is None for any other command; `user_knobs` are the raw words
    after each `addUserKnob`. `indent` is how far it stood from the line's start, `odd` says what was wrong inside.
    """

    offset: int
    indent: int
    words: tuple[str, ...]
    knobs: dict[str, str] | None
    user_knobs: tuple[str, ...] = ()
    odd: str = ""


def line_at(text: str, offset: int) -> int:
    """The line of an offset, from 1."""
    return text.count("\n", 0, offset) + 1


def commands(text: str) -> Iterator[Command]:
    """Every command of a script in order; lines end with a newline alone. Raises TornError."""
    pos, size = 0, len(text)
    while True:
        pos = _SPACE.match(text, pos).end()  # type: ignore[union-attr]  # matches nothing at least
        if pos >= size:
            return
        if text[pos] == "#":
            pos = _COMMENT.match(text, pos).end()  # type: ignore[union-attr]  # starts with the hash
            continue
        order = _ORDER.match(text, pos)
        if order is not None:
            yield Command(pos, 0, tuple(filter(None, order.groups())), None)
            pos = order.end()
            continue
        start = pos
        indent = start - (text.rfind("\n", 0, start) + 1)
        node = _NODE.match(text, pos)
        if node is not None and node[1] not in TEXT_COMMANDS:
            body = _Body(text, node.end(), node.start())
            pos = body.end
            words, pos = _rest(text, pos)
            yield Command(
                start,
                indent,
                (node[1], *words),
                body.knobs,
                tuple(body.user_knobs),
                body.odd or _extra(words),
            )
        else:
            words, pos = _rest(text, pos)
            clone = _clone(words, start, indent)
            yield clone if clone is not None else Command(start, indent, words, None)


def _extra(words: tuple[str, ...]) -> str:
    return f"{' '.join(words)[:40]!r} stands after its closing brace" if words else ""


def _clone(words: tuple[str, ...], start: int, indent: int) -> Command | None:
    """`clone $C {…}` or `clone node1|Read|2 Read {…}` as a node of which the words before the body are kept."""
    if len(words) < 3 or words[0] != "clone" or not words[-1].startswith("{"):
        return None
    body_text = words[-1][1:-1] + "\n}"
    body = _Body(body_text, _SPACE.match(body_text).end(), 0)  # type: ignore[union-attr]  # as above
    return Command(start, indent, words[:-1], body.knobs, tuple(body.user_knobs), body.odd)


def _rest(text: str, pos: int) -> tuple[tuple[str, ...], int]:
    """The words up to the end of the command."""
    words: list[str] = []
    size = len(text)
    while True:
        pos = _BLANK.match(text, pos).end()  # type: ignore[union-attr]  # matches nothing at least
        if pos >= size or text[pos] in "\n;":
            return tuple(words), pos
        word, pos = read_word(text, pos)
        words.append(word)


def read_word(text: str, pos: int) -> tuple[str, int]:
    """The raw word that starts at `pos` (not a blank), and where it ends. Raises TornError."""
    start = pos
    first = text[pos]
    if first == "{":
        pos = _close(text, pos, _BRACES, "{", "}")
    elif first == '"':
        quoted = _QUOTED.match(text, pos)
        if quoted is None:
            raise TornError(pos, "a quote")
        pos = quoted.end()
    # What follows a closed word without a blank belongs to it: nothing is dropped.
    while pos < len(text) and text[pos] not in " \t\n;":
        if text[pos] == "[":
            pos = _close(text, pos, _BRACKETS, "[", "]")
        elif text[pos] == "{":
            pos = _close(text, pos, _BRACES, "{", "}")
        elif text[pos] == "}":
            if pos > start:
                break
            pos += 1
        elif text[pos] == "\\":
            pos += 2
        else:
            pos += 1
    return text[start:pos], min(pos, len(text))


def _close(text: str, pos: int, marks: re.Pattern[str], opening: str, closing: str) -> int:
    depth = 0
    for mark in marks.finditer(text, pos):
        if mark[0] == opening:
            depth += 1
        elif mark[0] == closing:
            depth -= 1
            if depth == 0:
                return mark.end()
    raise TornError(pos, "a brace" if opening == "{" else "a bracket")


class _Body:
    """The knobs between a node's braces; `end` is just behind the closing brace.

    TCL finds the closing brace by counting braces that no backslash escapes, quoted or not; Nuke escapes those it
    writes inside quotes. Where a hand-made file did not, counting and reading word by word disagree: the reading
    after which a command begins is taken, and when that does not settle it the body is `odd`.
    """

    def __init__(self, text: str, pos: int, opened: int) -> None:
        self.knobs: dict[str, str] = {}
        self.user_knobs: list[str] = []
        self.odd = ""
        self._uneven = False
        try:
            self.end = self._read(text, pos)
        except TornError:
            self.end = -1
        if self._uneven or self.end < 0:
            self._settle(text, pos, opened)

    def _settle(self, text: str, pos: int, opened: int) -> None:
        brace = text.index("{", opened)
        by_words = self.end
        try:
            by_count = _close(text, brace, _BRACES, "{", "}")
        except TornError:
            if by_words < 0 or _COMMAND_START.match(text, by_words) is None:
                raise TornError(opened, "a node's brace") from None
            return
        if by_words == by_count:
            return
        words_fit = by_words >= 0 and _COMMAND_START.match(text, by_words) is not None
        count_fits = _COMMAND_START.match(text, by_count) is not None
        if words_fit and not count_fits:
            return
        self.knobs, self.user_knobs, self.end = {}, [], by_count
        try:
            self._read(text[:by_count], pos)
        except TornError as torn:
            self.odd = f"{torn.opened} in it is never closed"
        if words_fit or not count_fits:
            self.odd = self.odd or "its braces and quotes do not match"

    def _read(self, text: str, pos: int) -> int:
        knobs = self.knobs
        match = _KNOB.match
        while True:
            knob = match(text, pos)
            if knob is not None:
                pos = knob.end()
                name = knob[1]
                if name == "addUserKnob":
                    self.user_knobs.append(knob[2])
                else:
                    knobs[name] = knob[2]
                continue
            pos = _SPACE.match(text, pos).end()  # type: ignore[union-attr]  # matches nothing at least
            if pos >= len(text):
                raise TornError(pos, "a node's brace")
            if text[pos] == "}":
                return pos + 1
            pos = self._slow(text, pos)

    def _slow(self, text: str, pos: int) -> int:
        name, pos = self._word(text, pos)
        if name[:1] in '{"':
            name = name[1:-1]
        if not _NAME.fullmatch(name):
            self.odd = self.odd or f"{name[:40]!r} stands where a knob's name should"
        pos = _BLANK.match(text, pos).end()  # type: ignore[union-attr]  # matches nothing at least
        if pos >= len(text) or text[pos] in "\n;}":
            self.odd = self.odd or f"knob {name[:40]!r} has no value"
            self.knobs.setdefault(name, "")
            return pos
        value, pos = self._word(text, pos)
        if name == "addUserKnob":
            self.user_knobs.append(value)
        else:
            self.knobs[name] = value
        return pos

    def _word(self, text: str, pos: int) -> tuple[str, int]:
        if text[pos] not in '"{':
            bare = _BARE.match(text, pos)
            if bare is not None and text[bare.end() : bare.end() + 1] != "{":
                return bare[0], bare.end()
        word, end = read_word(text, pos)
        if word[0] in '"{' and not _is_one(word):
            self.odd = self.odd or f"{word[-40:]!r} goes on behind a closing quote or brace"
        if word[0] == '"' and ("{" in word or "}" in word) and not _even(word):
            self._uneven = True
        return word, end


# Plug-ins name their knobs as their makers speak: "Physics (Air mode only)".
_NAME = re.compile(r"[A-Za-z_][\w.:\-+ /@()]*")


def _is_one(word: str) -> bool:
    """Whether a word that opens with a quote or brace ends where that closes: TCL refuses it otherwise."""
    if word[0] == '"':
        return _QUOTED.fullmatch(word) is not None
    return _close(word, 0, _BRACES, "{", "}") == len(word)


def _even(word: str) -> bool:
    depth = 0
    for mark in _BRACES.finditer(word):
        if mark[0] == "{":
            depth += 1
        elif mark[0] == "}":
            depth -= 1
            if depth < 0:
                return False
    return depth == 0
