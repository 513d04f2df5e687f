"""Nash equilibria of games in normal form, and what is known of each."""
