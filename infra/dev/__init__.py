"""`make run`: everything the product consists of, started together on one machine."""
