"""Edit files to cuts: every format through one walker, and nothing of replicas."""
