"""Runs at every start of Nuke, with a window and without: the gate before every render."""

import clearcut_nuke

clearcut_nuke.install()
