"""Keys and first hints."""
