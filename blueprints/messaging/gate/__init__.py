"""The policy gate: whether a message may be sent now, later or never, and why. Pure.

Each *check* looks at one thing and passes, puts off or forbids. A *decision* is the verdict with all checks that were
made; it is kept with the message, and `explain` says it in sentences. A *law* is what a country asks of advertising.
"""
