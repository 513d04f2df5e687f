"""Runs of games that can only be played: updates from plays, and what is seen of behaviour in evaluation episodes."""
