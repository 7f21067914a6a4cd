"""Peers that ours is measured against."""
