"""What makes a price lower: nothing yet but the place for it."""
