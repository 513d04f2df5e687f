"""What selfish play costs: prices of anarchy and of stability, bounds of them, and what learners pay on average."""
