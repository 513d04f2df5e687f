"""Games in which one player knows the state and the other does not: what to reveal, and when."""
