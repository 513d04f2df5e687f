"""What is looked at in the source of the library that neither a linter nor a type checker sees."""
