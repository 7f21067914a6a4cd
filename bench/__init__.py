"""Measurements: each is a program of its own, ``python -m bench.NAME``."""

import core as core  # first: it switches off what the libraries measured here would report
