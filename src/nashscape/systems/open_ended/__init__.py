"""Open-ended learning: training over a universe of tasks, and comparing agents without one scale for all tasks."""
