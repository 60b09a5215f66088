"""Finding a time by need and place: which branch, who and when, over the whole chain.

A *need* is a service with its options, for one guest or several. A *spot* is where somebody starts from: coordinates, a
branch, or a name they typed. *Places* are names that head office has put on the map besides its branches.
"""
