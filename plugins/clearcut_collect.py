"""Begins a publish with a clean slate."""

import pyblish.api


class CollectClearcut(pyblish.api.ContextPlugin):
    """Takes away what an earlier run, or somebody else, left where the verdict goes."""

    label = "Clearance: collect"
    order = pyblish.api.CollectorOrder + 0.49
    hosts = ["*"]  # a list: Pyblish drops plug-ins with tuples
    families = ["*"]
    targets = []  # with Subset: whatever targets are published
    match = pyblish.api.Subset
    optional = False

    def process(self, context):
        from clearcut.publish import collect

        collect(context)

    @classmethod
    def apply_settings(cls, *settings):
        """Puts back what settings changed: AYON calls this in place of applying them, QuadPype afterwards."""
        cls.order, cls.match = pyblish.api.CollectorOrder + 0.49, pyblish.api.Subset
        cls.hosts, cls.families, cls.targets = ["*"], ["*"], []
        cls.active, cls.enabled, cls.optional = True, True, False
