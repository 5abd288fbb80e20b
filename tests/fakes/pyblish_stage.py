"""A stage for real Pyblish runs: instances come in, and what was extracted and integrated is written down.

Pyblish keeps its registries in module globals; `clean_pyblish` gives a test empty ones and puts back what was.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyblish
import pyblish.api
import pyblish.logic
import pyblish.util

PLUGINS = Path(__file__).resolve().parents[2] / "plugins"


@contextmanager
def clean_pyblish() -> Iterator[None]:
    """Empty registries inside, the old ones outside."""
    lists = (
        pyblish._registered_paths,
        pyblish._registered_hosts,
        pyblish._registered_targets,
        pyblish._registered_plugin_filters,
    )
    dicts = (pyblish._registered_plugins, pyblish._registered_callbacks, pyblish._registered_test)
    kept_lists = [list(registry) for registry in lists]
    kept_dicts = [dict(registry) for registry in dicts]
    for registry in (*lists, pyblish._registered_plugins, pyblish._registered_callbacks):
        registry.clear()
    pyblish.api.register_host("python")
    try:
        yield
    finally:
        for registry, kept in zip(lists, kept_lists, strict=True):
            registry[:] = kept
        for registry, kept in zip(dicts, kept_dicts, strict=True):
            registry.clear()
            registry.update(kept)


@dataclass
class Stage:
    """What a publish did. `shots` are collected, one instance each, unless the test makes its own."""

    shots: tuple[str, ...] = ()
    data: dict[str, Any] = field(default_factory=dict)
    extracted: list[str] = field(default_factory=list)
    integrated: list[str] = field(default_factory=list)

    def plugins(self) -> list[type]:
        """A collector, an extractor and an integrator that look at nothing but what Pyblish gives them."""
        stage = self

        class CollectStage(pyblish.api.ContextPlugin):
            order = pyblish.api.CollectorOrder
            targets = []
            match = pyblish.api.Subset

            def process(self, context):
                for shot in stage.shots:
                    context.create_instance(shot, shot=shot, family="render", **stage.data)

        class ExtractStage(pyblish.api.InstancePlugin):
            order = pyblish.api.ExtractorOrder
            targets = []
            match = pyblish.api.Subset

            def process(self, instance):
                stage.extracted.append(instance.name)

        class IntegrateStage(pyblish.api.InstancePlugin):
            order = pyblish.api.IntegratorOrder
            targets = []
            match = pyblish.api.Subset

            def process(self, instance):
                stage.integrated.append(instance.name)

        for plugin in (CollectStage, ExtractStage, IntegrateStage):
            plugin.families = ["*"]
        return [CollectStage, ExtractStage, IntegrateStage]

    def register(self) -> None:
        """Makes them part of every publish."""
        for plugin in self.plugins():
            pyblish.api.register_plugin(plugin)

    def publish(self, **options: Any) -> Any:
        """A whole publish with everything that Pyblish discovers; its context."""
        return pyblish.util.publish(**options)

    @property
    def stopped(self) -> bool:
        """Whether nothing at all came out."""
        return not self.extracted and not self.integrated


def errors_of(context: Any) -> dict[str, str]:
    """What each plug-in that raised said, by its class name; the last one counts."""
    return {
        result["plugin"].__name__: str(result["error"])
        for result in context.data.get("results", [])
        if result["error"] is not None
    }
