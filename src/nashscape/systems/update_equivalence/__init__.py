"""Planning at decision time as one step of a learner whose last strategies converge."""
