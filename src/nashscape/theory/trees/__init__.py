"""Games in extensive form: subgames, sequential rationality, and values by the sequence form."""
