"""Finds and reads the rule file, the rule packs and the environment: the only place that looks at `os.environ`."""

from clearcut.settings.environment import (
    Environment,
    user_cache_folder,
    user_config_folder,
    user_data_folder,
    user_database,
)
from clearcut.settings.layers import Layer, Origin, ResolvedRules, Setting, resolve
from clearcut.settings.packs import load_packs, read_pack
from clearcut.settings.rule_files import load_rules, read_rules
from clearcut.settings.terminal import color_wanted

__all__ = [
    "Environment",
    "Layer",
    "Origin",
    "ResolvedRules",
    "Setting",
    "color_wanted",
    "load_packs",
    "load_rules",
    "read_pack",
    "read_rules",
    "resolve",
    "user_cache_folder",
    "user_config_folder",
    "user_data_folder",
    "user_database",
]
