"""Games from files and from other libraries, and to them."""
