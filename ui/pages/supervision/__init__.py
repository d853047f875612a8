"""Cases before supervision: what was submitted, bans to sign, and what was answered."""
