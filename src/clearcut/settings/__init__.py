"""Finds and reads the rule file, the rule packs and the environment: the only place that looks at `os.environ`."""

from clearcut.settings.environment import (
    Environment,
    user_cache_folder,
    user_config_folder,
    user_data_folder,
    user_database,
)
from clearcut.settings.packs import load_packs, read_pack

__all__ = [
    "Environment",
    "load_packs",
    "read_pack",
    "user_cache_folder",
    "user_config_folder",
    "user_data_folder",
    "user_database",
]
