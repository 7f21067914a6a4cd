"""Reads an untrusted file of rows in a process of its own, which imports little to start soon."""
