"""Where a learning rule rests, of what type these points are, and from how far it is proved to come."""
