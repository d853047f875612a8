"""Taking a file in: choose, look, import, read the report."""
