"""The recipes that made the embedded packs, and their evaluation; needs torch (extra vlm)."""
