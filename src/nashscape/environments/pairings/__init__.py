"""Games of two within a group: who meets whom, who punishes whom, and what is known of everybody."""
