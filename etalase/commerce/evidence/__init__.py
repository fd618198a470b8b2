"""Evidence: a case about an order, its words and its files, seen by buyer, seller and operator alone; it holds what it is about."""
