"""Two results of one question against each other."""
