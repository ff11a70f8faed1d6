"""Pictures and pointers."""
