"""How learning ends over a coupling and another number."""
