"""Paying several agents for information: optimal mechanisms, what correlating efforts is worth, and learning them."""
