""".blend files without Blender: a pre-screen of the files and linked datablocks they name. No script in one is run."""
