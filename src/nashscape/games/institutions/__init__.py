"""What stands over a game and changes what players get from it."""
