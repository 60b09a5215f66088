"""One record per customer over all branches."""
