"""Rules that learn in every row, or information set, by itself, from what its actions are worth."""
