"""Runs in a process of its own, started by `adapter`: one file through one OTIO adapter, out comes OTIO JSON.

Limits are set before anything that reads is imported, and Clearcut is found where the parent found it. The
adapter is imported by name: no manifest, no hook and no media linker of anybody else is looked for. Leaves with 0
and `out.otio`, 4 when a package is missing, 3 when the adapter raised; the cause is in `cause.txt`.
"""

import importlib
import importlib.util
import json
import os
import sys
from pathlib import Path
from typing import Any

RAISED, NO_PACKAGE = 3, 4


def _no_plugins() -> None:
    """An empty manifest, so that OTIO neither reads OTIO_PLUGIN_MANIFEST_PATH nor runs entry points."""
    from opentimelineio.plugins import manifest

    empty = manifest.Manifest()
    # The AAF adapter calls these by name and fails without them.
    for when in ("pre_read", "post_read", "pre_write", "post_write"):
        empty.hooks[f"otio_aaf_{when}_transcribe"] = []
    manifest._MANIFEST = empty  # noqa: SLF001 - there is no public way to have none


def _adapter(name: str) -> Any:
    """The adapter's module, under the name OTIO's plug-in loader would give it: some import relative to that."""
    package, _, stem = name.rpartition(".")
    folder = Path(importlib.import_module(package).__path__[0])
    importlib.import_module("opentimelineio.adapters")
    spec = importlib.util.spec_from_file_location(f"opentimelineio.adapters.{stem}", folder / f"{stem}.py")
    if spec is None or spec.loader is None:
        raise ImportError(name)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    _forgive_markers(module)
    return module


def _forgive_markers(module: Any) -> None:
    """Resolve leaves out of an AAF's marker what it lies on; the adapter for AAF fails without."""
    plain = getattr(module, "_transcribe_aaf_object_properties", None)
    if plain is None:
        return

    def with_what_is_left_out(item: Any) -> Any:
        said = plain(item)
        if type(item).__name__ == "DescriptiveMarker":
            for key, value in (("DescribedSlots", [0]), ("Position", 0), ("Comment", "")):
                said.setdefault(key, value)
        return said

    module._transcribe_aaf_object_properties = with_what_is_left_out  # noqa: SLF001 - its markers are read in no other way


def _read(job: dict[str, Any]) -> Any:
    _no_plugins()
    adapter = _adapter(job["module"])
    if job["text"] is None:
        return adapter.read_from_file(job["path"])
    raw = Path(job["path"]).read_bytes()
    source: bytes | str
    if job["text"] == "xml":
        from clearcut.edit.fcp7_xml import prepared

        source = prepared(raw)
    else:
        source = raw.decode(job["text"], "replace")
    return adapter.read_from_string(source, **job["arguments"])


def main() -> int:
    """Reads the job from stdin as JSON; see `adapter.run`."""
    job = json.load(sys.stdin)
    sys.path[:] = job["sys_path"]
    from clearcut.child_process import limit

    limit(job["max_bytes"], job["max_seconds"])
    # What an adapter prints must not reach the parent's terminal.
    sys.stdout = sys.stderr = Path(os.devnull).open("w")  # noqa: SIM115 - until the process ends
    try:
        timeline = _read(job)
        text = timeline.to_json_string(indent=-1)
        Path("out.otio").write_text(text, encoding="utf-8")
    except ImportError as error:
        return _say(NO_PACKAGE, str(error))
    except BaseException as error:  # noqa: BLE001 - the entry point: whatever it is, the parent is told
        return _say(RAISED, f"{type(error).__name__}: {error}")
    return 0


def _say(code: int, cause: str) -> int:
    Path("cause.txt").write_text(cause[:2000], encoding="utf-8", errors="replace")
    return code


if __name__ == "__main__":
    code = main()
    # No clean-up: destructors of a damaged timeline have nothing to do any more.
    os._exit(code)
