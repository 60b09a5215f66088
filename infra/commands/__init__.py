"""The groups of commands of `shopbell` that are longer than a few lines."""
