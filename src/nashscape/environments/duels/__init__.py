"""A duel of two fighters, frame by frame: spacing, start-up, recovery, stun and guard."""
