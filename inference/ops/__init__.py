"""The closed list of pre- and post-processing steps that a model pack may name."""
