"""Python that stands in a script: what is known to be harmless, and what is not known and so is told."""

import pytest

from clearcut.scene.nk.python_text import is_harmless

MAKES_FOLDERS = """\
def createWriteDirs():
  import nuke, os, errno
  dir = os.path.dirname(nuke.filename(nuke.thisNode()))
  try:
    os.makedirs(nuke.callbacks.filenameFilter(dir))
  except OSError as e:
    if e.errno != errno.EEXIST:
      raise
nuke.addBeforeFrameRender(createWriteDirs)
"""


@pytest.mark.parametrize(
    "python",
    [
        "",
        "n = nuke.thisNode()\nwith n:\n\tREAD_ONLY = 0x10000000\n\tn.knob('determinant').setFlag(READ_ONLY)",
        "for k in ['near', 'far']:\n    nuke.thisNode()[k].setRange(0, int(50))",
        "if nuke.GUI:\n    try:\n        import stamps; stamps.wiredOnCreate()\n    except:\n        pass\n",
        MAKES_FOLDERS,
        "import os, re\nfrom os.path import dirname # nuke.undo() is a remark\nos.makedirs(dirname(f))",
        "print('nuke.undo() is a text')",
    ],
)
def test_what_reads_speaks_and_makes_folders_is_harmless(python):
    assert is_harmless(python)


@pytest.mark.parametrize(
    "python",
    [
        "nuke.thisNode()['make'].execute()",
        "nuke.nodes.Merge2(inputs=[a, b])",
        "nuke.load('evil')",
        "nuke.undo()",
        "k.__getattribute__('set'+'Value')(1)",
        "type(k).__dict__['set'+'Value'](k, 1)",
        "sys.modules['evil'].run()",
        "nuke.menu('Nuke').findItem('Evil/Run').invoke()",
        "studio_hook()",
        "nuke.addBeforeRender(studio.go)",
        "nuke.addBeforeRender(studio_hook)",
        "nuke.addBeforeRender(lambda: studio_hook())",
        "sorted(names, key=studio_hook)",
        "f = nuke.undo; f()",
        "print = studio_hook; print()",
        "hooks[0]()",
        "hook()()",
        "nuke.knob(str(str('A')) + '.which', '1')",
        "n = nuke\nn.knob('A.which', value)",
        "import studio",
        "import os, studio",
        "from studio import prepare",
        "from nuke import undo",
        "from os import system",
        "from nuke import *",
        "@studio_hook\ndef f(): pass",
        "print(f'{studio_hook()}')",
        "print('no end",
        "x = (",
        "x = 'no end",
        "if a:\n    b\n  c",
    ],
)
def test_what_is_not_known_to_be_harmless_is_not(python):
    assert not is_harmless(python)
