"""Publishes shots with Pyblish, headless: a studio's own publish script in small, as `clearcut demo` runs it.

The gate comes in by PYBLISHPLUGINPATH alone; nothing here knows Clearcut. Each shot named is an instance; its
extractor writes a file into FOLDER. Prints one JSON line: which shots were written, and what each error said.

    PYBLISHPLUGINPATH=$(clearcut paths --pyblish) CLEARCUT_EDIT=cut.otio python publish_shot.py FOLDER SHOT...
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pyblish.api
import pyblish.util


def collector(shots: list[str]) -> type:
    """A plug-in that makes one instance of each shot."""

    class CollectShots(pyblish.api.ContextPlugin):
        order = pyblish.api.CollectorOrder

        def process(self, context: pyblish.api.Context) -> None:
            for shot in shots:
                context.create_instance(f"render_{shot}", shot=shot, family="render", families=["render"])

    return CollectShots


def extractor(folder: Path) -> type:
    """A plug-in that writes what would be published: when this runs, the shot is out."""

    class ExtractRender(pyblish.api.InstancePlugin):
        order = pyblish.api.ExtractorOrder
        families = ["render"]  # noqa: RUF012 - Pyblish's way

        def process(self, instance: pyblish.api.Instance) -> None:
            (folder / f"{instance.data['shot']}.published").write_text("frames\n", encoding="utf-8")

    return ExtractRender


def main(arguments: list[str]) -> int:
    """0 when every shot was written, 1 otherwise."""
    folder, shots = Path(arguments[0]), arguments[1:]
    pyblish.api.register_plugin(collector(shots))
    pyblish.api.register_plugin(extractor(folder))
    context = pyblish.util.publish()
    errors = [str(result["error"]) for result in context.data["results"] if result["error"] is not None]
    written = [shot for shot in shots if (folder / f"{shot}.published").exists()]
    print(json.dumps({"published": written, "errors": errors}))
    return 0 if written == shots and not errors else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
