"""Corrections on their way back to the museum's catalogue."""
