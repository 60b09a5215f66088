"""What can be done as an operator. Every function takes a session of the directory."""
