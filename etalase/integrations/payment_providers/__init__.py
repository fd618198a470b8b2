"""Payment providers: the ways to pay (methods) and how a payment is started, watched and given back."""
