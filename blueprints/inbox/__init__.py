"""What people write back to us: done at once where a word says it all, else kept for the branch to answer.

A *conversation* is everything between one number and a branch, or the chain where no branch is known. It is open while
somebody has to read or answer it. Its *entries* are what came in, what was answered, and what was done by itself.
"""
