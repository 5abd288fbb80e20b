r"""Paths as edits and scenes write them, brought to one form, so that a glob is held against what is meant.

The case rule: case never matters, on no platform. Edits come from Windows, macOS and Linux alike, and a replica
that is missed is worse than a false alarm. For the same reason composed and decomposed letters are one (NFC), and
a UNC path is written like a rooted one: `\\server\share`, `//server/share`, `file://server/share` are
`/server/share`.

Only text is looked at, never a disk: links are not followed.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote_to_bytes

_DRIVE = re.compile(r"/*([A-Za-z])[:|](?=/|$)")
# `%04d` in a file URL is a frame token that somebody forgot to escape: %01 to %09 would be control characters.
_UNESCAPED_TOKEN = re.compile(r"%(?=0\d+[dD])")
# Frame tokens of the trade, and the range that Resolve writes.
_FRAME_TOKEN = re.compile(r"%0?\d*d|\$f\d*|#+|@+|\[\d\d+-\d\d+\]")
_FRAME_NUMBER = re.compile(r"(?<=[._])-?\d+(?=\.[^./]*$)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_URL = re.compile(r"\s*[A-Za-z][A-Za-z0-9+.-]+:/")
_WINDOWS_ENDS = re.compile(r"(?<=[^./\\ ])[. ]+(?=[/\\]|$)")
_WINDOWS_STREAM = re.compile(r"::\$data\s*$", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]+:/", re.ASCII)

FRAME = "\ue000"  # stands for any frame token or number in `frame_form`; a private character no path holds


def same_case(text: str) -> str:
    """The text in the one spelling in which paths are compared."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def normal_path(written: str) -> str:
    """The path that is meant by a path or `file:` URL, in lower case, with `/` and without `.`, `..` and `//`.

    Percent escapes are decoded in `file:` URLs only; frame tokens stay. Other URLs keep scheme and host as their
    first segments. Never ends in `/` unless it is the root; empty for an empty path.
    """
    text = written.strip()
    if text[:5].lower() == "file:":
        text = _of_file_url(text[5:])
    if _is_crooked(text):
        text = _straightened(text.strip().replace("\\", "/"))
    return same_case(text)


def _is_crooked(text: str) -> bool:
    # By hand, not by a regular expression: it runs for every path of a cut.
    return (
        "\\" in text
        or "//" in text
        or "/." in text
        or text[:1] in (".", " ", "\t", "\n", "\r")
        or text[-1:] in ("/", " ", "\t", "\n", "\r")
    )


def _of_file_url(rest: str) -> str:
    raw = unquote_to_bytes(_UNESCAPED_TOKEN.sub("%25", rest))
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    text = text.replace("\\", "/")
    if text.startswith("//"):
        host, slash, path = text[2:].partition("/")
        if host.lower() in ("", "localhost"):
            text = slash + path
        elif _DRIVE.match(host):
            text = text[2:]
    drive = _DRIVE.match(text)
    return f"{drive[1]}:{text[drive.end() :]}" if drive else text


def _straightened(text: str) -> str:
    if text.startswith(("//?/", "//./")):
        text = text[4:]
        if text[:4].lower() == "unc/":
            text = f"/{text[4:]}"
    rooted = text.startswith("/")
    parts: list[str] = []
    for part in text.split("/"):
        if part in ("", "."):
            continue
        if part != "..":
            parts.append(part)
        elif parts and parts[-1] != "..":
            # Nothing lies above a drive or a scheme.
            if len(parts) > 1 or not parts[0].endswith(":"):
                parts.pop()
        elif not rooted:
            parts.append(part)
    return ("/" if rooted else "") + "/".join(parts)


def normal_pattern(glob: str) -> str:
    """A path glob in the spelling of `normal_path`: its wildcards stay, `..` in it is taken as written."""
    text = glob.strip()
    if text[:5].lower() == "file:":
        text = _of_file_url(text[5:])
    text = text.replace("\\", "/")
    if "//" in text or "/./" in text:
        text = re.sub(r"/(?:\./)+", "/", re.sub(r"/{2,}", "/", text))
    return same_case(text[:-1] if len(text) > 1 and text.endswith("/") else text)


def frame_form(path: str) -> str:
    """A normal path or pattern with every frame token, and a file's frame number, as the one sign `FRAME`."""
    return _FRAME_NUMBER.sub(FRAME, _FRAME_TOKEN.sub(FRAME, path))


def has_frame_token(path: str) -> bool:
    """Whether a normal path or pattern holds a frame token."""
    return _FRAME_TOKEN.search(path) is not None


def is_absolute(path: str) -> bool:
    """Whether a normal path begins at a root, a drive or a scheme."""
    return path.startswith("/") or path[1:2] == ":" or _SCHEME.match(path) is not None


def also_opened_as(written: str) -> tuple[str, ...]:
    """What programs leave out of a path or URL before they open the file, left out here; empty for most paths.

    Query and fragment of a URL (and a query of anything: OpenTimelineIO drops it), line ends and tabs (URL readers
    do), whatever follows a NUL (C does), blanks and dots at a segment's end and `::$DATA` (Windows).
    """
    # By hand, not by a regular expression: it runs for every path of a cut.
    if written.isprintable() and not (
        "?" in written
        or "./" in written
        or ".\\" in written
        or " /" in written
        or " \\" in written
        or written[-1:] in (".", " ")
        or (":" in written and ("#" in written or "%00" in written or "::$" in written))
    ):
        return ()
    found: list[str] = []
    text = written
    for cut in (_without_control, _without_query, _without_windows_ends):
        text = cut(text)
        if text != written:
            found.append(text)
    return tuple(dict.fromkeys(found))


def _without_control(text: str) -> str:
    return _CONTROL.sub("", text.partition("\x00")[0].partition("%00")[0])


def _without_query(text: str) -> str:
    if _URL.match(text):
        text = text.partition("#")[0]
    return text.partition("?")[0]


def _without_windows_ends(text: str) -> str:
    return _WINDOWS_ENDS.sub("", _WINDOWS_STREAM.sub("", text))


def forms(written: str, folder: str = "") -> tuple[str, ...]:
    """Every normal path that `written` may mean, the plainest first; `folder` is the normal one of the edit.

    A relative path is meant from the edit's folder, and may also lie below any other (`/` put before it). What
    ends in a slash is a folder, and keeps the slash in a second form so that `*/folder/*` finds it.
    """
    others = also_opened_as(written)
    if not others:
        return _forms(written, folder)
    return tuple(dict.fromkeys(form for one in (written, *others) for form in _forms(one, folder)))


def _forms(written: str, folder: str) -> tuple[str, ...]:
    path = normal_path(written)
    if not path:
        return ()
    found = [path]
    if not is_absolute(path):
        found.append(f"/{path}")
        if folder:
            found.append(normal_path(f"{folder}/{path}"))
    if written[-1] in "/\\" and path != "/":
        found.extend([f"{one}/" for one in found])
    return tuple(found)
