"""What every request passes through before a route or a page sees it."""
