"""A shop's lists of orders, narrowed and searched, at a cost that does not grow with what the shop has sold."""
