"""Unsigned and signed copies of the report in other formats."""
