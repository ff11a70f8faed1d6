"""Tests of the measurement engine on shapes whose volumes are known by formula."""
