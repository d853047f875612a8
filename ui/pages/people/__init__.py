"""People who write to the city, with what was decided about them."""
