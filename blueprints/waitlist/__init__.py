"""The waitlist: wishes for a time that is not free, and offers of times that have become free.

A freed time is offered to one person at a time, who has it held meanwhile.
"""
