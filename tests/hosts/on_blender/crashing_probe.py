"""A probe that dies as Blender does."""

import os
import signal

os.kill(os.getpid(), signal.SIGSEGV)
