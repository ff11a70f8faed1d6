"""What happened while the reader was reading: the list behind the quiet mark."""
