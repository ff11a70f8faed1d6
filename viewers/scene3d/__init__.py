"""Volume rendering: a process of its own draws the picture, the widgets here show it."""
