"""Contributions one after the other, with a bonus on what comes after others and a penalty below a threshold."""
