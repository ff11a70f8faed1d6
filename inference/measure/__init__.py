"""The measurement engine: what can be measured without weights, with its validity."""
