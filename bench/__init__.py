"""Benchmarks; each is a separate program, ``python -m bench.NAME``."""

import core as core  # first: it switches off the telemetry of the libraries measured here
