"""Small games of Hanabi: cards that everybody sees but who holds them, hints, and a common score."""
