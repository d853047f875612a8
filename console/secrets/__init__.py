"""Where secrets are kept: the keyring of the operating system, and nothing else on disk."""
