"""Where rule files lie, and the rules they come to.

The studio's is `clearcut.toml` in the user's configuration folder, or what `CLEARCUT_STUDIO_RULES` names. A show's are
those beside the edit and in every folder above it, the outermost first, so that a file dropped next to an edit can add
to the show's rules but not hide them; one that is named explicitly stands in their place.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator, Mapping
from pathlib import Path

from clearcut.errors import Fault, RulesError
from clearcut.settings.environment import Environment, user_config_folder
from clearcut.settings.layers import Layer, ResolvedRules, resolve

RULE_FILE = "clearcut.toml"


def load_rules(
    edit_path: Path | None,
    explicit: Path | None = None,
    environ: Mapping[str, str] | None = None,
    *,
    department: str | None = None,
) -> ResolvedRules:
    """The rules for an edit (None: for the working folder), from every layer.

    `explicit` is a rule file that somebody named, else `CLEARCUT_RULES`; it must exist. `department` is whose
    sections hold, else `CLEARCUT_DEPARTMENT`. Raises RulesError with every fault of every file.
    """
    environment = Environment.read(environ)
    named = explicit or environment.rules
    files = [("studio", path) for path in _studio(environment, environ)]
    shows = [named] if named else list(_beside_and_above(edit_path or Path.cwd() / "edit"))
    files += [("show", path) for path in shows if not any(_same(path, studio) for _, studio in files)]
    return read_rules(files, department=department or environment.department)


def read_rules(files: list[tuple[str, Path]], *, department: str | None = None) -> ResolvedRules:
    """The rules of these files, upper first. Raises RulesError with every fault of all of them."""
    layers: list[Layer] = []
    faults: list[Fault] = []
    for kind, path in files:
        try:
            layer, found = _layer(kind, path)
        except RulesError as error:
            faults.extend(error.faults)
        else:
            layers.append(layer)
            faults.extend(found)
    resolved, loosened = resolve(layers, department=department)
    if faults or loosened:
        raise RulesError((*faults, *loosened))
    return resolved


def _layer(kind: str, path: Path) -> tuple[Layer, tuple[Fault, ...]]:
    # Here, because a reader of TOML takes long to import, and where no rule file lies nobody needs it.
    from clearcut.settings.located import read_located
    from clearcut.settings.reading import read_layer

    return read_layer(read_located(path), kind)


def _studio(environment: Environment, environ: Mapping[str, str] | None) -> Iterator[Path]:
    if environment.studio_rules is not None:
        yield environment.studio_rules
        return
    path = user_config_folder(environ) / RULE_FILE
    if _exists(path):
        yield path


def _beside_and_above(edit: Path) -> Iterator[Path]:
    folders = edit.absolute().parents
    return (path for folder in reversed(folders) if _exists(path := folder / RULE_FILE))


def _exists(path: Path) -> bool:
    """Whether something is there; what may not be looked at counts as there, so that reading it says why not."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        return error.errno != errno.ENAMETOOLONG
    return True


def _same(one: Path, other: Path) -> bool:
    return one.resolve() == other.resolve()
