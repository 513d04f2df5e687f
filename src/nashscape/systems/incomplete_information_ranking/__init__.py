"""Ranking agents from noisy plays: which profiles mutants prefer, and how many plays that takes."""
