"""What follows from a fact; nobody imports these packages but the table of subscriptions and the pages that show them."""
