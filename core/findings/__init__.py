"""What the model's answers say about the labels: pure functions of arrays and tables, no torch."""
