"""How AYON and QuadPype apply a studio's settings to discovered plug-ins: as a Pyblish discovery filter. Written from
what their code does (ayon-core of June 2026, QuadPype of April 2026), none of it copied.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pyblish.api
import pyblish.plugin

Settings = Mapping[str, Mapping[str, Any]]


def ayon(settings: Settings) -> Callable[[list[Any]], None]:
    """A plug-in's own `apply_settings` in place of the automatic way; then off with what is disabled or not for the host."""

    def apply(plugins: list[Any]) -> None:
        for plugin in list(plugins):
            if hasattr(plugin, "apply_settings"):
                plugin.apply_settings(settings)
            else:
                _set(plugin, settings)
            if getattr(plugin, "enabled", True) is False or not pyblish.plugin.host_is_compatible(plugin):
                plugins.remove(plugin)

    return apply


def quadpype(settings: Settings) -> Callable[[list[Any]], None]:
    """The automatic way first, and then a plug-in's own `apply_settings` too; then off with what is disabled."""

    def apply(plugins: list[Any]) -> None:
        for plugin in list(plugins):
            _set(plugin, settings)
            if hasattr(plugin, "apply_settings"):
                plugin.apply_settings(settings, {})
            if getattr(plugin, "enabled", True) is False:
                plugins.remove(plugin)

    return apply


def _set(plugin: Any, settings: Settings) -> None:
    for name, value in settings.get(plugin.__name__, {}).items():
        setattr(plugin, name, value)
