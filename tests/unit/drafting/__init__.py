"""Tests of the drafting service and of the recipes of the drafting pack."""
