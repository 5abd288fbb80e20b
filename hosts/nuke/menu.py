"""Runs at the start of a Nuke with a window: Clearcut's menu."""

import clearcut_nuke

clearcut_nuke.add_menu()
