"""The nétiquette in force: articles, rules, version, official wording."""
