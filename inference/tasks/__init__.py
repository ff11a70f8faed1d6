"""Request and result values, one file per kind of task."""
