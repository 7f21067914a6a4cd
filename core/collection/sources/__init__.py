"""The forms of a collection, one module each."""
