"""One folder per page: read the state, filter, draw."""
