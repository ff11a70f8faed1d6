"""Tests of drafting: grammar, decoding, the parser that refuses, what is said and asked."""
