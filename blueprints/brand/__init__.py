"""How a chain looks: name, logo and colours with computed contrast."""
