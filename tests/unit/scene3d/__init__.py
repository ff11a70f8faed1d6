"""Tests of the 3D view that need no VTK."""
