"""A studio on the shipped show: its database, a token for each of its people, and what they type."""

from __future__ import annotations

from pathlib import Path

import clearcut
from clearcut.core.registry_json import parse_registry
from clearcut.store import open_store
from clearcut.store.tokens import Role
from fakes.command_line import Ran
from fakes.command_line import clearcut as typed

HELIOS = Path(clearcut.__file__).parent / "shipped" / "helios"
EDIT = HELIOS / "helios_v041.otio"


class Studio:
    """Serve `database` with `fakes.serving.serving`, and `run` commands against it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.database = folder, str(folder / "registry.sqlite")
        with open_store(self.database) as store:
            registry = parse_registry((HELIOS / "registry.json").read_bytes())
            store.import_registry(registry, by="officer", why="first")
            people = (Role.ARTIST, Role.TD, Role.OFFICER)
            self.tokens = {role: store.create_token(f"a {role.value}", role, by="admin") for role in people}

    def run(self, role: Role, url: str, *arguments: object) -> Ran:
        """What a person of that role gets who types `clearcut ARGUMENTS`."""
        environ = {"CLEARCUT_SERVER": url, "CLEARCUT_TOKEN": self.tokens[role]}
        environ |= {"XDG_DATA_HOME": str(self.folder / "home")}
        return typed(*arguments, home=self.folder, environ=environ)

    def verified(self) -> bool:
        """Whether the record holds."""
        with open_store(self.database) as store:
            return store.verify()[1] == ()
