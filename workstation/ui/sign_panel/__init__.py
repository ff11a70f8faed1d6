"""What will leave, and the signature under it."""
