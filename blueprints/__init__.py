"""The business, one package per feature; registry.py lists them and app.py puts them together."""
