"""The clearance server: HTTP on the store, deciding with the same `evaluate` as everybody."""
