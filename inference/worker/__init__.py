"""The model worker: protocol and client for the application, the process itself beside them."""
