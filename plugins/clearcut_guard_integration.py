"""Withdraws what bears no stamp before anything is integrated."""

import pyblish.api


class GuardClearcutIntegration(pyblish.api.ContextPlugin):
    """An error at this order stops nobody, so everything is withdrawn first and given back when it holds."""

    label = "Clearance: guard (integration)"
    order = pyblish.api.IntegratorOrder - 0.49
    hosts = ["*"]  # a list: Pyblish drops plug-ins with tuples
    families = ["*"]
    targets = []  # with Subset: whatever targets are published
    match = pyblish.api.Subset
    optional = False

    def process(self, context):
        held = [(instance, instance.data.get("publish", True)) for instance in context]
        for instance, _ in held:
            instance.data["publish"] = False
        from clearcut.publish import release

        release(context, held)

    @classmethod
    def apply_settings(cls, *settings):
        """Puts back what settings changed: AYON calls this in place of applying them, QuadPype afterwards."""
        cls.order, cls.match = pyblish.api.IntegratorOrder - 0.49, pyblish.api.Subset
        cls.hosts, cls.families, cls.targets = ["*"], ["*"], []
        cls.active, cls.enabled, cls.optional = True, True, False
