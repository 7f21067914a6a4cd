"""Fetches pictures that a table names by address: HTTP, IIIF and buckets; bounded and resumable."""
