"""How many fresh starts it takes until a target is reached."""
