"""Pure arithmetic of time: bitmaps, what a service needs, when it can start, what the policy allows."""
