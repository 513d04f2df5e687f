"""Values of games of two players against each other, and what players can make sure of in any game."""
