"""The panel of hanging protocols, and the editor in it."""
