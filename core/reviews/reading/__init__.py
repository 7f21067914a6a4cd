"""Reads files of verdicts and sets in a process with limits."""
