"""The series of one study and what was received of them."""
