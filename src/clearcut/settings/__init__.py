"""Finds and reads the rule file, the rule packs and the environment: the only place that looks at `os.environ`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clearcut.settings.environment import (
    Environment,
    pack_files,
    packs_folder,
    user_cache_folder,
    user_config_folder,
    user_data_folder,
    user_database,
)
from clearcut.settings.layers import Layer, Origin, ResolvedRules, Setting, resolve
from clearcut.settings.rule_files import load_rules, read_rules
from clearcut.settings.terminal import color_wanted

if TYPE_CHECKING:
    from clearcut.settings.packs import load_packs, read_pack

__all__ = [
    "Environment",
    "Layer",
    "Origin",
    "ResolvedRules",
    "Setting",
    "color_wanted",
    "load_packs",
    "load_rules",
    "pack_files",
    "packs_folder",
    "read_pack",
    "read_rules",
    "resolve",
    "user_cache_folder",
    "user_config_folder",
    "user_data_folder",
    "user_database",
]


def __getattr__(name: str) -> Any:
    # What packs are made of takes longer to import than all the rest here: only who judges pays for it.
    if name in {"load_packs", "read_pack"}:
        from clearcut.settings import packs

        return getattr(packs, name)
    raise AttributeError(name)
