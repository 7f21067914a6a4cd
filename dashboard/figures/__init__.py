"""Plotly figures, pure: a table in, a figure out."""
