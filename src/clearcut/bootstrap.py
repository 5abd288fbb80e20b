"""The only composer: options and settings to adapters, adapters to `check_cut`.

Whoever wants a verdict - the command line, the Pyblish plug-ins, the panel - fills in `CheckOptions` and calls
`run_check`. Order of settings (interface.md): options, environment, rule file, the embedded registry.
What judges is imported only when something is judged: a verdict that is kept needs none of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from clearcut.errors import BackendError, EditError, UsageError
from clearcut.settings import (
    Environment,
    load_rules,
    user_cache_folder,
    user_database,
)

if TYPE_CHECKING:
    from clearcut.backend import RegistryBackend
    from clearcut.check import Backend, EditReader, Media, Question, SceneReader
    from clearcut.core.cut import Cut
    from clearcut.core.rules import Rules
    from clearcut.core.scene import Scene
    from clearcut.core.verdict import Verdict


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """What a caller may say; None and empty mean "not said", and settings decide.

    `timeline` is a live OpenTimelineIO timeline and wins over `edit`. `scenes` are files by shot name,
    `live_scenes` readers of an open host by shot name. `now` (aware) makes the check a what-if.
    `environ` stands for `os.environ` where given.
    """

    edit: Path | None = None
    timeline: Any = None
    shots: tuple[str, ...] = ()
    scenes: Mapping[str, Path] = field(default_factory=dict)
    live_scenes: Mapping[str, SceneReader] = field(default_factory=dict)
    production: str | None = None
    registry: str | None = None
    server: str | None = None
    rules: Path | None = None
    rate: Fraction | None = None
    facility: str | None = None
    department: str | None = None
    now: datetime | None = None
    environ: Mapping[str, str] | None = None


class Setup(NamedTuple):
    """What the options and settings came to: ready to check, not checked yet."""

    rules: Rules
    edit: EditReader
    backend: Backend
    question: Question
    media: Media


class Server(NamedTuple):
    """A clearance server, and how to ask it."""

    url: str
    token: str | None
    ca_file: Path | None


def utc_now() -> datetime:
    """The machine's clock, aware, UTC."""
    return datetime.now(timezone.utc)


def run_check(options: CheckOptions) -> Verdict:
    """The verdict on the cut that the options and settings name.

    Raises RulesError, RegistryError and UsageError (faults that a person must mend first); everything that could
    not be found out is a reason in the verdict.
    """
    return check_setup(compose(options))


def check_setup(setup: Setup, held: list[object] | None = None) -> Verdict:
    """The verdict on what was composed; `held` as in `check_cut`."""
    from clearcut.check import check_cut

    return check_cut(setup.edit, setup.backend, setup.rules, setup.question, utc_now, setup.media, held)


class Settled(NamedTuple):
    """What options, environment and rule file together say: which edit, which rules, who answers.

    `server` wins over `registry`, a file or a database URL; both None where nobody is named.
    """

    rules: Rules
    named: Path | None
    server: Server | None
    registry: str | None

    @property
    def edit(self) -> Path | None:
        """The edit file: the one that was named, else the rule file's."""
        return self.named or (Path(self.rules.edit) if self.rules.edit else None)


def settle(options: CheckOptions) -> Settled:
    """Lays options over environment over rule file over the embedded registry. Raises as `run_check` does."""
    environment = Environment.read(options.environ)
    named = options.edit or environment.edit
    rules = load_rules(named, options.rules or environment.rules, environ=options.environ).rules
    if options.department is not None:
        rules = rules._replace(policy=replace(rules.policy, department=options.department))
    return Settled(rules, named, *_named_backend(options, environment, rules))


def compose(options: CheckOptions, settled: Settled | None = None) -> Setup:
    """The adapters that the options and settings name. Raises as `run_check` does."""
    from clearcut.check import Question
    from clearcut.edit.media import MediaFiles

    said = settled or settle(options)
    rules = said.rules
    return Setup(
        rules=rules,
        edit=_edit(options, said),
        backend=_backend(options, said.server, said.registry),
        question=Question(
            shots=options.shots,
            scenes={**{s: _SceneFile(p, rules) for s, p in options.scenes.items()}, **options.live_scenes},
            production=options.production,
            facility=options.facility,
            now=options.now,
        ),
        media=MediaFiles(said.named.absolute().parent if said.named is not None else Path.cwd()),
    )


def choose_backend(options: CheckOptions, environment: Environment, rules: Rules) -> Backend:
    """Who answers: what the options name, else the environment, the rule file, the embedded registry.

    Raises UsageError when the options name two. A server wins over a registry named at the same place, because it
    is the system of record.
    """
    return _backend(options, *_named_backend(options, environment, rules))


def choose_server(options: CheckOptions) -> Server | None:
    """The server that would answer a check with these options; None when a registry in this process would.

    Raises as `compose` does.
    """
    return settle(options).server


def _named_backend(
    options: CheckOptions, environment: Environment, rules: Rules
) -> tuple[Server | None, str | None]:
    """The server or the registry that is named first, else the embedded registry; neither where there is none."""
    if options.registry and options.server:
        raise UsageError("--registry and --server name two backends", remedy="give one of them")
    for name, said in (("--registry", options.registry), ("--server", options.server)):
        if said is not None and not said.strip():
            raise UsageError(f"{name} is empty", remedy="name one, or leave the option out")
    for server, registry in (
        (options.server, options.registry),
        (environment.server, environment.registry),
        (rules.server, rules.registry),
    ):
        if server:
            return Server(server, environment.token, environment.ca_file), None
        if registry:
            return None, registry
    embedded = user_database(options.environ)
    return None, str(embedded) if embedded.is_file() else None


def _backend(options: CheckOptions, server: Server | None, registry: str | None) -> Backend:
    if server is not None:
        from clearcut.backend import HttpBackend  # here, because requests takes long to import

        return HttpBackend(server.url, server.token, ca_file=server.ca_file)
    return _NoBackend() if registry is None else registry_backend(registry, options.environ)


def registry_backend(place: str, environ: Mapping[str, str] | None = None) -> RegistryBackend:
    """A backend that decides in this process, from a JSON file or a database."""
    from clearcut.backend import RegistryBackend, opened_registry
    from clearcut.settings import load_packs

    opened = opened_registry(place)
    packs = load_packs(environ=environ)
    return RegistryBackend(
        opened.registry, packs, clock=utc_now, name=Path(place).name, content=opened.sha256
    )


def _edit(options: CheckOptions, said: Settled) -> EditReader:
    from clearcut.edit import EditFile, LiveTimeline

    if options.timeline is not None:
        return LiveTimeline(options.timeline)
    if said.edit is None:
        return _NoEdit()
    return EditFile(said.edit, rate=options.rate, index_folder=user_cache_folder(options.environ) / "cuts")


class _SceneFile(NamedTuple):
    path: Path
    rules: Rules

    def read(self) -> Scene:
        from clearcut.scene import read_scene

        return read_scene(
            self.path,
            gizmo_paths=[Path(folder) for folder in self.rules.gizmo_paths],
            trusted_classes=self.rules.trusted_classes,
        )


class _NoEdit:
    """Nobody named an edit: that is `cut-missing`, never "no uses"."""

    def read(self) -> Cut:
        raise EditError(
            "no edit is named",
            code="cut-missing",
            remedy="name the edit: on the command line, in CLEARCUT_EDIT, or in the rule file",
        )


class _NoBackend:
    """Nobody named a backend and none is embedded: nobody can answer."""

    def recognition(self) -> Any:
        raise self._error()

    def decide(self, request: Any) -> Any:  # noqa: ARG002 - the port's signature
        raise self._error()

    def source(self) -> Any:
        from clearcut.core.verdict import AnswerSource

        return AnswerSource("registry", "", 0)

    def _error(self) -> BackendError:
        return BackendError(
            "no clearance backend is named and none is set up on this machine",
            remedy="give --server or --registry, set CLEARCUT_SERVER, or fill the embedded registry with "
            "`clearcut registry import FILE`",
        )
