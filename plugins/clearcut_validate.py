"""Looks up what was decided about each instance."""

import pyblish.api


class ValidateClearcut(pyblish.api.InstancePlugin):
    """No decision means stop."""

    label = "Clearance"
    order = pyblish.api.ValidatorOrder
    hosts = ["*"]  # a list: Pyblish drops plug-ins with tuples
    families = ["*"]
    targets = []  # with Subset: whatever targets are published
    match = pyblish.api.Subset
    optional = False

    def process(self, instance):
        from clearcut.publish import validate

        validate(instance)

    @classmethod
    def apply_settings(cls, *settings):
        """Puts back what settings changed: AYON calls this in place of applying them, QuadPype afterwards."""
        cls.order, cls.match = pyblish.api.ValidatorOrder, pyblish.api.Subset
        cls.hosts, cls.families, cls.targets = ["*"], ["*"], []
        cls.active, cls.enabled, cls.optional = True, True, False
