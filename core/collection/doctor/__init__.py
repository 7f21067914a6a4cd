"""Looks at a collection before anything is trained on it: columns, open questions, the account."""
