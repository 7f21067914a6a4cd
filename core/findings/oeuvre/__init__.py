"""What an artist's works, taken together, say about their labels."""
