"""The only home of pydicom, pynetdicom and highdicom."""
