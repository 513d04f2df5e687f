"""Games that have names, and families of games with parameters."""
