"""Widgets that show a view state and report gestures."""
