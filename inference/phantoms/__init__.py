"""Procedural anatomy with known truth: the demo study, training and tests share it."""
