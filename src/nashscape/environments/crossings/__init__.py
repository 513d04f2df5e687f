"""Two cars that come to a crossing, exactly: how they drive, what policies get, when they crash, best responses."""
