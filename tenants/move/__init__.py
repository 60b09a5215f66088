"""A tenant goes to another database server. It is read all the while; what would change it waits for a moment."""
