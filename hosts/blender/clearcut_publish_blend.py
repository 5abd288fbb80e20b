"""Publishes a .blend without a window, through the gate.

    blender -b FILE.blend --python-exit-code 70 -P clearcut_publish_blend.py -- --result OUT.json [--edit CUT]
    python clearcut_publish_blend.py FILE.blend --result OUT.json [--edit CUT]          (with the bpy module)

Scripts inside the .blend are never run by the second form. The result file is written in any case that is not a
crash: whoever started this takes its absence for an error. Exit codes: 0 published; 1 blocked or failed; 3 could
not be told, or nothing was published.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import bpy

sys.path.insert(0, str(Path(__file__).resolve().parent / "addons"))


def main(arguments: list[str]) -> int:
    """Publishes and returns the exit code."""
    parser = argparse.ArgumentParser(prog="clearcut_publish_blend.py")
    parser.add_argument("blend", nargs="?", help="the file to open; inside Blender, the one that is open")
    parser.add_argument("--result", required=True, help="where the result goes, as JSON")
    parser.add_argument("--edit", default="", help="the cut")
    options = parser.parse_args(arguments)
    result_file = Path(options.result)
    result_file.unlink(missing_ok=True)
    if options.blend:
        bpy.ops.wm.open_mainfile(
            filepath=str(Path(options.blend).resolve()), load_ui=False, use_scripts=False
        )
    from clearcut_gate.publishing import publish

    from clearcut.publish.headless import as_json, last_word

    result = publish(options.edit)
    result_file.write_text(as_json(result), encoding="utf-8")
    if result.exit_code:
        print(f"clearcut: {last_word(result)}", file=sys.stderr)
    return result.exit_code


if __name__ == "__main__":
    code = main(sys.argv[sys.argv.index("--") + 1 :] if "--" in sys.argv else sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
    # Blender can hang at its end (a driver of the file that failed is enough), and the exit code must be told.
    os._exit(code)
