"""Factories, fakes and where the data is."""
