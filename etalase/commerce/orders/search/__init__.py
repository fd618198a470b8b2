"""Which of a shop's orders have certain words, found in blocks that are gathered after the orders were placed."""
