"""Whether Pyblish, as it is set up in this process, would run our plug-ins: what `clearcut doctor` looks at.

Loads the plug-in files as Pyblish does, which runs their top-level code, and publishes one made-up instance with
ours alone. Changes nothing in Pyblish's registries.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout, suppress
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from clearcut.publish.finding import Finding, State, broken, holds, note
from clearcut.publish.locations import locations
from clearcut.publish.shipped_files import SHIPPED, ShippedPlugin, digest_of

_SET_PATH = "put the folder that `clearcut paths --pyblish` prints first on PYBLISHPLUGINPATH"


@dataclass(frozen=True, slots=True)
class Discovery:
    """What Pyblish found: its plug-ins after the discovery filters and before, and what it logged as skipped."""

    paths: tuple[Path, ...]
    plugins: tuple[Any, ...]
    unfiltered: tuple[Any, ...]
    skipped: tuple[str, ...]


def inspect_pyblish() -> Iterator[Finding]:
    """Every way in which the gate might not be there, one finding for each: one where none of our plug-ins is there."""
    found = discover()
    yield (place := _on_path(found.paths))
    for skipped in found.skipped:
        yield note("skipped-file", f"Pyblish skipped a file: {skipped}")
    named = {shipped.plugin for shipped in SHIPPED}.intersection(p.__name__ for p in found.unfiltered)
    if named or place.state is not State.BROKEN:
        yield from inspect_plugins(found)
    yield from _inspect_surroundings()
    yield rehearse(found.plugins)


def inspect_plugins(found: Discovery | None = None) -> Iterator[Finding]:
    """One finding for each of our plug-ins: whether Pyblish has it, and whether it is as it was shipped."""
    found = found or discover()
    for shipped in SHIPPED:
        yield _inspect_plugin(shipped, found)


def discover() -> Discovery:
    """What Pyblish discovers, with and without the registered filters."""
    import pyblish.api

    with _heard("pyblish.plugin") as records:
        plugins = tuple(pyblish.api.discover())
        filters = pyblish.api.registered_discovery_filters()  # Pyblish's own list, not a copy
        kept = list(filters)
        try:
            filters.clear()
            unfiltered = tuple(pyblish.api.discover()) if kept else plugins
        finally:
            filters[:] = kept
    said = [record.getMessage() for record in records if record.levelno >= logging.ERROR]
    paths = tuple(Path(path) for path in pyblish.api.plugin_paths())
    return Discovery(paths, plugins, unfiltered, tuple(dict.fromkeys(said)))


@contextmanager
def _heard(name: str) -> Iterator[list[logging.LogRecord]]:
    """What a logger says inside, kept from the terminal."""
    records: list[logging.LogRecord] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            records.append(record)

    logger, handler = logging.getLogger(name), Keep(logging.ERROR)
    propagate, logger.propagate = logger.propagate, False
    logger.addHandler(handler)
    try:
        yield records
    finally:
        logger.removeHandler(handler)
        logger.propagate = propagate


def _on_path(paths: tuple[Path, ...]) -> Finding:
    ours = locations().plugins
    if any(_same(path, ours) for path in paths):
        return holds("plugin-path", f"Pyblish looks into {ours}")
    if any((path / shipped.file).is_file() for path in paths for shipped in SHIPPED):
        return note("plugin-path", "Pyblish finds copies of our plug-ins, not those of this installation")
    return broken(
        "plugin-path",
        f"Pyblish does not look into {ours}, and finds none of our {len(SHIPPED)} plug-ins elsewhere",
        _SET_PATH,
    )


def _same(one: Path, other: Path) -> bool:
    with suppress(OSError):
        return one.samefile(other)
    return False


def _inspect_plugin(shipped: ShippedPlugin, found: Discovery) -> Finding:
    # Of several with one name (PYBLISH_ALLOW_DUPLICATE_PLUGIN_NAMES) ours is enough: all of them run.
    named = sorted((p for p in found.plugins if p.__name__ == shipped.plugin), key=_is_ours, reverse=True)
    plugin = next(iter(named), None)
    if plugin is None:
        why = _why_missing(shipped, found)
        return broken("plugin-missing", f"{shipped.plugin} is not there: {why}", _SET_PATH)
    source = Path(plugin.__module__)
    if source.name != shipped.file or not source.is_file():
        return broken(
            "plugin-shadowed",
            f"{shipped.plugin} is not ours: a class of the same name comes first, from {plugin.__module__}",
            f"remove or rename that class, or {_SET_PATH}",
        )
    if digest_of(source) != shipped.sha256:
        return broken(
            "plugin-altered", f"{source} is not the file that was shipped", "install Clearcut again"
        )
    faults = tuple(_attribute_faults(plugin, shipped))
    if faults:
        return broken(
            "plugin-switched-off",
            f"{shipped.plugin} was changed after loading: {', '.join(faults)}",
            "find the discovery filter or the settings that change it, and take our plug-ins out of it",
        )
    return holds("plugin", f"{shipped.plugin} is ours and active")


def _is_ours(plugin: Any) -> bool:
    digests = {(shipped.plugin, shipped.sha256) for shipped in SHIPPED}
    with suppress(OSError):
        return (plugin.__name__, digest_of(Path(plugin.__module__))) in digests
    return False


def _why_missing(shipped: ShippedPlugin, found: Discovery) -> str:
    if any(p.__name__ == shipped.plugin for p in found.unfiltered):
        return "a discovery filter drops it"
    if any(f'"{Path(shipped.file).stem}"' in skipped for skipped in found.skipped):
        return "its file does not load"
    if any((path / shipped.file).is_file() for path in found.paths):
        return "Pyblish found its file and did not take it"
    return f"{shipped.file} is in none of the folders that Pyblish looks into"


def _attribute_faults(plugin: Any, shipped: ShippedPlugin) -> Iterator[str]:
    import pyblish.api

    expected = {
        "active": True,
        "optional": False,
        "enabled": True,
        "hosts": ["*"],
        "families": ["*"],
        "targets": [],
        "match": pyblish.api.Subset,
    }
    for name, value in expected.items():
        actual = getattr(plugin, name, value)
        if actual != value:
            yield f"{name} is {actual!r}"
    if abs(float(plugin.order) - shipped.order) > 1e-9:
        yield f"order is {plugin.order!r}"
    if getattr(plugin.process, "__code__", None) != _shipped_code(plugin, shipped):
        yield "process() was replaced"


def _shipped_code(plugin: Any, shipped: ShippedPlugin) -> Any:
    """What process() is in the file, compiled as Pyblish does; the digest has shown that the file is ours."""
    there: dict[str, Any] = {}
    source = Path(plugin.__module__).read_bytes()
    code = compile(source, "<string>", "exec", dont_inherit=True)  # not with this module's own __future__
    exec(code, there)  # noqa: S102 - as Pyblish does with the same file
    return there[shipped.plugin].process.__code__


def _inspect_surroundings() -> Iterator[Finding]:
    import pyblish.api
    import pyblish.logic

    filters = pyblish.api.registered_discovery_filters()
    if filters:
        names = ", ".join(f"{getattr(f, '__module__', '?')}.{getattr(f, '__qualname__', f)}" for f in filters)
        yield note(
            "discovery-filter", f"discovery filters are registered, and may change what is run: {names}"
        )
    if not pyblish.logic.registered_test()(nextOrder=1.5, ordersWithError={1}):
        yield broken(
            "stop-test",
            "a test is registered that lets a publish go on after a validator's error",
            "deregister it (pyblish.logic.deregister_test)",
        )
    else:
        yield holds("stop-test", "an error of a validator stops the publish")
    targets = pyblish.api.registered_targets()
    if targets:
        yield note("targets", f"registered targets: {', '.join(targets)}; our plug-ins run for every target")
    yield note(
        "exit-code",
        "`pyblish publish` leaves with 0 also when it was stopped; the publish script of "
        "hosts/standalone does not",
    )


def rehearse(plugins: tuple[Any, ...]) -> Finding:
    """Publishes a made-up instance with our plug-ins, as they were discovered, and sees whether it comes out."""
    import pyblish.api
    import pyblish.util

    came_out: list[str] = []

    class ExtractRehearsal(pyblish.api.InstancePlugin):
        order = pyblish.api.ExtractorOrder
        targets: list[str] = []  # noqa: RUF012 - Pyblish wants a list
        match = pyblish.api.Subset

        def process(self, instance: Any) -> None:
            came_out.append(str(instance.name))

    cast = [plugin for plugin in plugins if _is_ours(plugin)]  # nobody else's: theirs may have effects
    context = pyblish.api.Context()
    context.create_instance("clearcut-rehearsal", shot="clearcut doctor: no shot of any cut", family="render")
    with redirect_stdout(StringIO()), _heard("pyblish"):
        pyblish.util.publish(context, plugins=sorted([*cast, ExtractRehearsal], key=lambda p: p.order))
    if came_out:
        return broken(
            "rehearsal", "a made-up shot that no cut has was published", "mend what is broken above"
        )
    return holds("rehearsal", "a made-up shot that no cut has was stopped")
