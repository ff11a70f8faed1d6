"""One use case per file, verb first; no Qt."""
