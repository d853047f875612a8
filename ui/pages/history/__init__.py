"""Past decisions with their whole explanation and their proof."""
