"""Whether the gate holds inside this Blender: `blender -b --python-exit-code 70 -P clearcut_doctor.py`."""

import sys

import bpy  # noqa: F401 - so that doctor knows where it is

from clearcut.cli import main

main(["doctor", "--host", "blender", *(sys.argv[sys.argv.index("--") + 1 :] if "--" in sys.argv else [])])
