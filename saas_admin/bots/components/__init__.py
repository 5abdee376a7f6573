"""What the bots pages are made of."""
