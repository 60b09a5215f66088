"""The operator console: the people who run the installation, and what they see of it and do with its chains."""
