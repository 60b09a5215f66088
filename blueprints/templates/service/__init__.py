"""What can be done with texts: draw them, write them, have them approved, and shorten the links in them."""
