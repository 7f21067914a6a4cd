"""The state of one visit: address, reviewer, sets and uploads."""
