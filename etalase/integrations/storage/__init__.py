"""Storage: files by the hash of their content, pictures re-encoded in the sizes that pages show."""
