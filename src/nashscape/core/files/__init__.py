"""Results and other values as files, and read again to the last bit."""
