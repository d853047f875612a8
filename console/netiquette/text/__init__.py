"""From raw text to a document: normalisation with offsets, tokens, sentences, language."""
