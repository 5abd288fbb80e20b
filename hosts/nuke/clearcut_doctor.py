"""Whether the gate holds inside this Nuke: `nuke -t clearcut_doctor.py [--format json]`."""

import sys

from clearcut.cli import main

main(["doctor", "--host", "nuke", *sys.argv[1:]])
