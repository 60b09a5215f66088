"""Finding a time by need and place: which branch, who and when, over the whole chain."""
