"""Who staff and API clients are: users, roles, sessions, sign-in, OAuth clients and tokens."""
