"""Public goods over time: what is given adds up, and the good is there if that is enough at the end."""
