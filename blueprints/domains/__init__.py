"""A chain's own host names, kept at head office: added, shown to be theirs, made the main one, removed.

What a host name is and how its owner shows that it is theirs is in `tenants.domains` and `tenants.ownership`.
"""
