"""Actors who depend on each other, and whose trust in each other grows slowly and is lost fast."""
