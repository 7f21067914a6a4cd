"""Whose hand: what is said of the artists who are named."""
