"""Mechanisms: what a principal promises to pay, so that agents do and tell what it needs to know."""
