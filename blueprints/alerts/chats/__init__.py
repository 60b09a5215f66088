"""Chat services: how their addresses look, what they are told, and the one door through which they are asked."""
