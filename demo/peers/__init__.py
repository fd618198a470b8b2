"""The sandbox peers: a payment provider and a carrier of their own, so that the shop meets the outside world by HTTP alone."""
