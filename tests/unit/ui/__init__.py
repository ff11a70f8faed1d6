"""Values of the shell that need no window."""
