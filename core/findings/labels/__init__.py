"""Whether a painting's own label holds: scores, quadrants, ranking, reasons."""
