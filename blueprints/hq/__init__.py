"""The frame of the HQ pages and the overview."""
