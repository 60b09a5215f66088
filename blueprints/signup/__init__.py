"""Signing up: whoever has a chain of shops gets one of their own here, at the installation's host `start`.

Their e-mail address is checked first, by a link that is sent there; then the chain is ordered (`tenants.creation`), and
a worker makes it while they look on.
"""
