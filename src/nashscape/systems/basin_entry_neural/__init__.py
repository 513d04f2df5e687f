"""Basin entry with networks that play: true peer-learning and look-ahead before the optimiser of PPO."""
