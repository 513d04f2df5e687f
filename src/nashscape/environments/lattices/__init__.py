"""Players on a lattice or a graph, each of whom plays one action against all its neighbours."""
