"""What can be asked for beside Nash equilibria: a table of solution concepts, and a module for each."""
