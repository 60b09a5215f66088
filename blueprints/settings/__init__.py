"""The pages and the API of what a chain, its regions and its branches have in common and apart.

A *setting* is what a place says of a key (tenants.settings). A *draft* is a list of changes that somebody prepares;
its *preview* tells which appointments they would break, before it is published or discarded.
"""
