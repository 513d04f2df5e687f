"""Players on a lattice who learn by Q-learning, from tables of their own or shared ones."""
