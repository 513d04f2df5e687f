"""How exploration breaks cooperation: players on a lattice who learn from tables that all, some or nobody share."""
