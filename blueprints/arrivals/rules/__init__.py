"""How long people will wait, as pure rules: how long visits really take, and the rest of the day played through."""
