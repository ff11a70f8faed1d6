"""Models and measurement; knows nothing of Qt, DICOM, SQL or patients."""
