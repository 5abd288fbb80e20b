"""Comps and scenes to references: what a publish target really uses, read without the host."""
