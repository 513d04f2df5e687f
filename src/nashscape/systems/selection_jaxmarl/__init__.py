"""What is known early of networks in cooperative environments of JaxMARL, and which outcome they come to."""
