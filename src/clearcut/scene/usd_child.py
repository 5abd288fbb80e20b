"""Runs in a process of its own, started by `usd`: opens one stage and leaves `scene.json` behind.

What was found, as plain values; or `{"error": …}` when the stage cannot be opened.
"""

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path


def main() -> int:
    """Reads the job from stdin as JSON; see `usd.read_usd`."""
    job = json.load(sys.stdin)
    sys.path[:] = job["sys_path"]
    from clearcut.child_process import limit
    from clearcut.errors import SceneError
    from clearcut.scene.usd_stage import read_stage

    limit(job["max_bytes"], job["max_seconds"])
    try:
        found = asdict(read_stage(Path(job["path"]), job["sha256"]))
    except SceneError as error:
        found = {"error": error.message}
    Path("scene.json").write_text(json.dumps(found), encoding="utf-8")
    return 0


if __name__ == "__main__":
    code = main()
    # No clean-up: plug-ins' destructors have nothing to do any more.
    os._exit(code)
