"""Reads for screens, reports and other features; the number of queries never grows with the rows."""
