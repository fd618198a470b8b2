"""Accounts: the one account behind buyer, seller and operator; nobody else can use it, and no secret is kept readable."""
