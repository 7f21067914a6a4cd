"""What one visit holds: its address, its reviewer, its sets and uploads."""
