"""Volumes and pictures that came without DICOM, opened for research reading."""
