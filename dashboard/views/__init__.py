"""One thin file a page: read the state, filter, draw."""
