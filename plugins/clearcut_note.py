"""Notes at the server what was published, so that a later revocation finds it."""

import pyblish.api


class NoteClearcut(pyblish.api.ContextPlugin):
    """The publish has happened: nothing here stops it, and what could not be noted is said loudly."""

    label = "Clearance: note"
    order = pyblish.api.IntegratorOrder + 0.49
    hosts = ["*"]  # a list: Pyblish drops plug-ins with tuples
    families = ["*"]
    targets = []  # with Subset: whatever targets are published
    match = pyblish.api.Subset
    optional = False

    def process(self, context):
        from clearcut.publish import note

        for sentence in note(context):
            self.log.warning(sentence)

    @classmethod
    def apply_settings(cls, *settings):
        """Puts back what settings changed: AYON calls this in place of applying them, QuadPype afterwards."""
        cls.order, cls.match = pyblish.api.IntegratorOrder + 0.49, pyblish.api.Subset
        cls.hosts, cls.families, cls.targets = ["*"], ["*"], []
        cls.active, cls.enabled, cls.optional = True, True, False
