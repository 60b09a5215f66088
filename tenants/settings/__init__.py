"""What holds where: values of the chain that a region or a branch may have otherwise, from a day on.

A *key* is declared in code by the feature that reads it. A *place* is the chain, a region or a branch. At each place a
key has a value of its own from some days on, or takes over what the place above it says; a place that *locks* its value
leaves nothing to those below. Nothing here knows what a key is about.
"""
