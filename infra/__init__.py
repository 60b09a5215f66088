"""What runs, measures and ships the product. Nothing imports it; it may import everything."""
