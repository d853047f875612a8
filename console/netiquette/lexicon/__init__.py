"""Lexicon and frames: what words and phrases mean, as data, and how they are found in a document."""
