"""Single wrong changes to the library, each of which tests must notice."""
