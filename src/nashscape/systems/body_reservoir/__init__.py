"""A reservoir that plays the repeated dilemma, and a sentinel that says when a rule of thought overrides it."""
