"""Every HTTP route and middleware of the dashboard. Knows no page."""
