"""Whether Python that stands in a script does no more than read, speak, set looks and make folders. Never runs it.

An allow-list of the names it may use: what a name outside it does (a studio's own function, a new call of Nuke's)
cannot be seen here.
"""

from __future__ import annotations

import builtins
import io
import keyword
import re
import tokenize
from collections.abc import Collection, Sequence
from functools import lru_cache
from itertools import pairwise

_MODULES = frozenset(
    (
        *("nuke", "os", "sys", "re", "math", "time", "datetime", "errno", "platform", "string", "random"),
        *("glob", "json", "getpass", "socket", "__future__"),
        # The public Stamps: when one is created it sets its own title and flags.
        "stamps",
    )
)
# What they are given is called later: it must be defined in the same text.
_HANDING_ON = frozenset(("addBeforeRender", "addBeforeFrameRender", "addAfterRender", "addAfterFrameRender"))
# What may stand behind a dot, or be imported from a module above.
_ATTRIBUTES = frozenset(
    (
        # where one is, and what stands there
        *(
            "toNode",
            "thisNode",
            "thisGroup",
            "thisKnob",
            "thisParent",
            "root",
            "GUI",
            "env",
            "EXE_PATH",
            "frame",
        ),
        *("filename", "script_directory", "scriptName", "callbacks", "filenameFilter", "views"),
        *_HANDING_ON,
        *("knob", "value", "values", "getValue", "valueAt", "getValueAt", "name", "fullName", "Class"),
        *(
            "input",
            "inputs",
            "width",
            "height",
            "format",
            "firstFrame",
            "lastFrame",
            "first_frame",
            "last_frame",
        ),
        *("xpos", "ypos", "label", "metadata", "proxy"),
        # how a panel looks
        *(
            "setFlag",
            "clearFlag",
            "setRange",
            "setEnabled",
            "setVisible",
            "setTooltip",
            "DISABLED",
            "INVISIBLE",
        ),
        *("STARTLINE", "ENDLINE", "SAVE_MENU", "NO_ANIMATION"),
        # what is said
        *("message", "tprint", "warning", "error", "debug", "stdout", "stderr", "write", "flush"),
        # folders, texts, numbers, times
        *(
            "path",
            "dirname",
            "basename",
            "join",
            "exists",
            "isdir",
            "isfile",
            "normpath",
            "abspath",
            "splitext",
        ),
        *("makedirs", "mkdir", "umask", "environ", "getenv", "sep", "errno", "EEXIST", "EACCES", "strerror"),
        *(
            "split",
            "rsplit",
            "strip",
            "lstrip",
            "rstrip",
            "lower",
            "upper",
            "title",
            "startswith",
            "endswith",
        ),
        *("zfill", "append", "items", "keys", "get", "sub", "match", "search", "group", "findall", "listdir"),
        *(
            "strftime",
            "now",
            "today",
            "getuser",
            "gethostname",
            "platform",
            "system_name",
            "sqrt",
            "floor",
            "ceil",
        ),
        *("wiredOnCreate", "anchorOnCreate", "print_function", "division"),
    )
)
_CALLED = frozenset(
    (
        *(
            "print",
            "int",
            "float",
            "str",
            "len",
            "range",
            "list",
            "dict",
            "set",
            "tuple",
            "bool",
            "min",
            "max",
        ),
        *(
            "abs",
            "round",
            "sorted",
            "enumerate",
            "zip",
            "isinstance",
            "any",
            "all",
            "sum",
            "unicode",
            "xrange",
        ),
    )
)
_ERRORS = frozenset(
    name for name, one in vars(builtins).items() if isinstance(one, type) and issubclass(one, BaseException)
)
_MAX_LENGTH = 20_000
_SKIPPED = frozenset((tokenize.COMMENT, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING))


@lru_cache(maxsize=256)  # a gizmo's text stands on each of its nodes
def is_harmless(python: str) -> bool:
    """Whether every name that it calls, imports or takes from another is known to change no node.

    False for what is no Python as this Python splits it, for decorators and for f-strings, which hold code, and for
    a text longer than any of its kind.
    """
    if len(python) > _MAX_LENGTH:
        return False
    try:
        found = tokenize.generate_tokens(io.StringIO(python.strip() + "\n").readline)
        words = [one for one in found if one.type not in _SKIPPED]
    except (tokenize.TokenError, SyntaxError):
        return False
    texts = [one.string if one.type in (tokenize.NAME, tokenize.OP) else "" for one in words]
    if any(_is_unclear(one) for one in words) or "@" in texts:
        return False
    # What the text itself defines or imports is looked at there.
    own = {name for word, name in pairwise(texts) if word == "def"}
    own |= _ATTRIBUTES if "from" in texts else set()
    return _imports_are_plain(texts, words) and all(_is_plain(texts, at, own) for at in range(len(texts)))


def _is_unclear(word: tokenize.TokenInfo) -> bool:
    # An f-string is one word until Python 3.11, several from 3.12 on.
    if word.type == tokenize.STRING:
        return "f" in re.split("['\"]", word.string, maxsplit=1)[0].lower()
    return tokenize.tok_name[word.type].startswith(("FSTRING", "TSTRING", "ERRORTOKEN"))


def _is_plain(texts: Sequence[str], at: int, own: Collection[str]) -> bool:
    """Whether the word there, as a name behind a dot or as what is called, is known."""
    word, before = texts[at], texts[at - 1] if at else ""
    if before == "." and word not in _ATTRIBUTES:
        return False
    if texts[at + 1 : at + 2] == ["="] and _is_given_another_meaning(word, before):
        return False
    if word != "(" or not at:
        return True
    if before in (")", "]", "}"):
        return False
    if before.isidentifier() and not keyword.iskeyword(before) and (at < 2 or texts[at - 2] != "."):
        return before in _CALLED or before in _ERRORS or before in own
    if before in _HANDING_ON:
        return texts[at + 1] in own
    return before != "knob" or not _has_two_arguments(texts, at)


def _is_given_another_meaning(word: str, before: str) -> bool:
    """`print = hook` makes a harmless name another, and `sorted(names, key=hook)` calls what it is given."""
    return word == "key" or (word in _CALLED and before not in ("(", ","))


def _has_two_arguments(texts: Sequence[str], at: int) -> bool:
    """`knob(name)` reads, `knob(name, value)` writes."""
    depth = 0
    for word in texts[at:]:
        depth += (word in ("(", "[", "{")) - (word in (")", "]", "}"))
        if depth == 0:
            return False
        if depth == 1 and word == ",":
            return True
    return True


def _imports_are_plain(texts: Sequence[str], words: Sequence[tokenize.TokenInfo]) -> bool:
    """Whether only known modules are imported, and from them only known names."""
    lines: list[list[str]] = [[]]
    for text, word in zip(texts, words, strict=True):
        if word.type == tokenize.NEWLINE or text in (";", ":"):
            lines.append([])
        else:
            lines[-1].append(text)
    for line in lines:
        if "import" not in line:
            continue
        at = line.index("import")
        names = [one for one in line[at + 1 :] if one.isidentifier()]
        if line[0] == "from":
            if line[1] not in _MODULES or "*" in line or not set(names) - {"as"} <= _ATTRIBUTES | _MODULES:
                return False
        elif line[0] != "import" or not _first_names(line[1:]) <= _MODULES:
            return False
    return True


def _first_names(line: Sequence[str]) -> set[str]:
    """`os.path, sys as s`: os and sys."""
    return {word for word, before in zip(line, ("", *line), strict=False) if before in ("", ",") and word}
