"""Personal data at rest: sealed under a key of its tenant, and found again by blind indexes.

Words: a *master key* belongs to the installation and wraps the *data keys* of the tenants; a data key *seals* values
and *opens* them. A *blind index* is a number made of a value with a secret of the tenant's, by which equal values meet
and nothing else is learnt. A column is kept *in clear* until its table is sealed (`shopbell keys seal`). Decision 27.
"""
