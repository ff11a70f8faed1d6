"""The options, made from their schema."""
