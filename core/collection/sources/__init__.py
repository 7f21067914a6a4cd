"""The forms that a collection comes in, one module each."""
