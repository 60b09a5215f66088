"""Reads: a branch as it stands, the queue as people see it, what came of promises."""
