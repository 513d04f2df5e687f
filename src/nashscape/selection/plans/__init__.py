"""When to hand over to another rule, and plans in two phases."""
