"""Pure functions from a state and a gesture to a state."""
