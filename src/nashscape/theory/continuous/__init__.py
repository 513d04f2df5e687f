"""Games in which players choose points: best replies, equilibria, and what is proved of them."""
