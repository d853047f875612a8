"""What was decided and is to be carried out by hand."""
