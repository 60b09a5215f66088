"""A customer's own place: what they have booked, wishes they wait for, and how we reach them.

They sign in by a code that is sent to their number or e-mail address, the *address*. A *proof* is somebody on the way
to showing that an address is theirs. Several people may share one: then they say which of them they are.
"""
