"""The environment variables Clearcut reads, and the user's folders. Nothing else looks at `os.environ`."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from clearcut.errors import UsageError

_MAX_TOKEN_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Environment:
    """What the `CLEARCUT_…` variables say; None where one is not set or empty. The token never shows in a repr."""

    rules: Path | None = None
    studio_rules: Path | None = None
    edit: Path | None = None
    server: str | None = None
    registry: str | None = None
    ca_file: Path | None = None
    department: str | None = None
    packs: Path | None = None
    token: str | None = field(default=None, repr=False)

    @staticmethod
    def read(environ: Mapping[str, str] | None = None) -> Environment:
        """The variables of `environ` (None: of this process).

        A token in `CLEARCUT_TOKEN` wins over one in the file that `CLEARCUT_TOKEN_FILE` names. Raises UsageError
        when that file cannot be read or holds no token.
        """
        values = os.environ if environ is None else environ

        def text(name: str) -> str | None:
            """A variable without the blanks around it, None where nothing is left."""
            return values.get(name, "").strip() or None

        def path(name: str) -> Path | None:
            """The same as a path; `~` is the home folder of whoever it names."""
            value = text(name)
            return None if value is None else _at_home(value, name)

        return Environment(
            rules=path("CLEARCUT_RULES"),
            studio_rules=path("CLEARCUT_STUDIO_RULES"),
            edit=path("CLEARCUT_EDIT"),
            server=text("CLEARCUT_SERVER"),
            registry=text("CLEARCUT_REGISTRY"),
            ca_file=path("CLEARCUT_CA_FILE"),
            department=text("CLEARCUT_DEPARTMENT"),
            packs=path("CLEARCUT_PACKS"),
            token=text("CLEARCUT_TOKEN") or _token_in(path("CLEARCUT_TOKEN_FILE")),
        )


def _at_home(value: str, name: str) -> Path:
    try:
        return Path(value).expanduser()
    except RuntimeError:
        raise UsageError(
            f"{name} names the home folder of somebody who has none",
            where=value,
            remedy="write the whole path",
        ) from None


def _token_in(path: Path | None) -> str | None:
    if path is None:
        return None
    try:
        with path.open("rb") as file:
            token = file.read(_MAX_TOKEN_BYTES + 1).decode("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        # The decoder's own words would quote the token's bytes.
        why = error.strerror if isinstance(error, OSError) else "it is not plain text"
        raise UsageError(
            f"CLEARCUT_TOKEN_FILE cannot be read: {why}",
            where=str(path),
            remedy="name a readable file that holds the token and nothing else",
        ) from None
    if not token or len(token) > _MAX_TOKEN_BYTES or any(c.isspace() for c in token):
        raise UsageError(
            "CLEARCUT_TOKEN_FILE holds no token",
            where=str(path),
            remedy="write the token that `clearcut token create` printed into it, and nothing else",
        )
    return token


def packs_folder(environ: Mapping[str, str] | None = None) -> Path | None:
    """The folder of a studio's own rule packs, None where none is named."""
    named = (os.environ if environ is None else environ).get("CLEARCUT_PACKS", "").strip()
    return Path(named).expanduser() if named else None


def pack_files(folder: Path) -> list[Path]:
    """The packs in a folder, in the order in which they are read. Raises OSError where it cannot be listed."""
    # `glob` would find nothing in a folder that is not there or may not be read.
    return sorted(path for path in folder.iterdir() if path.match("*.toml"))


def user_config_folder(environ: Mapping[str, str] | None = None) -> Path:
    """Where the user's (or the studio's, deployed there) `clearcut.toml` lies."""
    return _user_folder("XDG_CONFIG_HOME", ".config", "APPDATA", "Library/Application Support", environ)


def user_data_folder(environ: Mapping[str, str] | None = None) -> Path:
    """Where what must not be lost lies: the embedded registry."""
    return _user_folder("XDG_DATA_HOME", ".local/share", "APPDATA", "Library/Application Support", environ)


def user_cache_folder(environ: Mapping[str, str] | None = None) -> Path:
    """Where what can be made again lies: the index of cuts already read."""
    return _user_folder("XDG_CACHE_HOME", ".cache", "LOCALAPPDATA", "Library/Caches", environ)


def user_database(environ: Mapping[str, str] | None = None) -> Path:
    """The embedded registry, used when nothing names a backend."""
    return user_data_folder(environ) / "clearcut.sqlite"


def _user_folder(xdg: str, unix: str, windows: str, mac: str, environ: Mapping[str, str] | None) -> Path:
    """The folder `clearcut` in the place that the platform has for it; a relative XDG path is ignored (its spec)."""
    values = os.environ if environ is None else environ
    named = values.get(xdg, "")
    if named and Path(named).is_absolute():
        return Path(named) / "clearcut"
    if sys.platform == "win32" and values.get(windows):
        return Path(values[windows]) / "clearcut"
    try:
        home = Path(values["HOME"]) if values.get("HOME") else Path.home()
    except RuntimeError:  # a user whom the machine does not know, as in many containers
        raise UsageError(
            "there is no home folder to look for rules and registry in", remedy=f"set HOME or {xdg}"
        ) from None
    return home / (mac if sys.platform == "darwin" else unix) / "clearcut"
