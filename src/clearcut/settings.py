"""Finds and reads the rule file and the environment: the only place that looks at `os.environ`."""
