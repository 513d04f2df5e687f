"""Rules that stand over an environment: what they let players do, what they show, and what they make them pay."""
