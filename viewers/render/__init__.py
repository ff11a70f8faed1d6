"""Slices to pixels: sampling, windowing, overlays. numpy only."""
