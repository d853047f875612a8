"""The learned layer: hashed n-grams, words and meanings, one logistic scorer a rule, trained here."""
