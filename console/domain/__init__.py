"""Plain data and pure rules of moderation; imports nothing of the other rooms."""
