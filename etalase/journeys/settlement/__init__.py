"""Settlement: what a completed order brings each party, when it is the seller's, and how the seller is paid."""
