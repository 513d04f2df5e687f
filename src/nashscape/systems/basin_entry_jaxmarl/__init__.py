"""Basin entry in environments of JaxMARL: what runs there can say, and what they cannot."""
