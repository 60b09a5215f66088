"""Reviews: what customers say after a visit, stage by stage, and what the staff answer."""
