"""The Pyblish bridge: all the logic that `plugins/` needs."""
