"""Which starts lead where, over a grid, and how much of it is proved."""
