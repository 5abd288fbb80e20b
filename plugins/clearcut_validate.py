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
        """Nothing: AYON's settings cannot switch the gate off."""
