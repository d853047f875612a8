"""What this desk has learned from decisions: proposed, adopted, taken back."""
