"""Reading a collection's files: encodings, names, folders, tables."""
