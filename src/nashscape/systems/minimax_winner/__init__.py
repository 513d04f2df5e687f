"""Learning from preferences by self-play: the minimax winner, with no model of a reward."""
