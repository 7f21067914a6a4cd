"""Copies of one picture, and whether their labels agree."""
