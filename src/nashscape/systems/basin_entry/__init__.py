"""Opponent-aware basin entry (arXiv 2605.18078): which equilibrium is reached by learners who shape one another."""
