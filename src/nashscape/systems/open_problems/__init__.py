"""Open problems in cooperative AI: an agenda, and what of it there is here."""
