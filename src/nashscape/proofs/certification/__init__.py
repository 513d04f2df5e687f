"""Certificates: traps, tubes of boxes into them, and the cells of starts that they decide."""
