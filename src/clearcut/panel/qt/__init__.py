"""Thin PySide6 (PySide2 through QtPy) widgets over `panel.presenter`: the only room that imports Qt."""
