"""The application: what a radiologist starts."""
