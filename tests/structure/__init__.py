"""The order of the house, checked."""
