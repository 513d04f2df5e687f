"""How fast nashscape is: ratios against other ways to compute the same, measured in one run."""
