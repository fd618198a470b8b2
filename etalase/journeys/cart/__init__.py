"""The cart: what a buyer means to buy. Nothing is held for it; everything is checked again at checkout."""
