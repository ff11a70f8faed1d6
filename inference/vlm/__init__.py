"""Drafting: image preparation, finding heads, grammar, decoding, the parser that refuses."""
