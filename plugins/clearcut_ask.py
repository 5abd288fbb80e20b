"""Asks once for everything that is published."""

import pyblish.api


class AskClearcut(pyblish.api.ContextPlugin):
    """One question for all instances; without an answer the publish stops."""

    label = "Clearance: ask"
    order = pyblish.api.ValidatorOrder - 0.49
    hosts = ["*"]  # a list: Pyblish drops plug-ins with tuples
    families = ["*"]
    targets = []  # with Subset: whatever targets are published
    match = pyblish.api.Subset
    optional = False

    def process(self, context):
        from clearcut.publish import ask

        ask(context)

    @classmethod
    def apply_settings(cls, *settings):
        """Puts back what settings changed: AYON calls this in place of applying them, QuadPype afterwards."""
        cls.order, cls.match = pyblish.api.ValidatorOrder - 0.49, pyblish.api.Subset
        cls.hosts, cls.families, cls.targets = ["*"], ["*"], []
        cls.active, cls.enabled, cls.optional = True, True, False
