"""What goes into the store comes out of it, whatever it was, and every state it ever had can be asked for again."""

from __future__ import annotations

from clearcut.core.registry_json import parse_registry, registry_from_json, registry_to_json
from core.random_worlds import random_world

WORLDS = 12


def test_any_registry_comes_out_as_it_went_in_and_every_older_one_too(store):
    """One after the other into one database, so that each import also takes out, changes and brings back."""
    made = [registry_from_json(random_world(seed)[0]) for seed in range(WORLDS)]
    at: dict[int, object] = {}
    for number, registry in enumerate(made):
        change = store.import_registry(registry, by="o", why=f"world {number}", base=store.revision())
        assert store.registry() == registry, number
        at[change.revision] = registry
    for revision, registry in at.items():
        assert store.registry(revision) == registry, revision
    assert store.verify()[1] == ()


def test_writing_and_reading_a_registry_loses_nothing():
    import json

    for seed in range(100):
        registry = registry_from_json(random_world(seed)[0])
        assert parse_registry(json.dumps(registry_to_json(registry))) == registry, seed
