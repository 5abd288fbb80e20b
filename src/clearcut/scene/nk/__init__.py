"""Nuke scripts (.nk) without Nuke: words, the stack machine, what is upstream of what. Nothing is ever evaluated."""
