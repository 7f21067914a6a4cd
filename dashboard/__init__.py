"""The curators' dashboard: reads runs, never trains. Start it with ``python -m dashboard.app``."""
