"""Who you are, and what this machine can do."""
