"""Games in extensive form: trees of moves, with chance and information sets."""
