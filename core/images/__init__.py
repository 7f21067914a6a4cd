"""Pictures: safe decoding, the store of resized copies, fingerprints."""
