"""From cart to paid order: quote, place, settle. One payment, one order a shop, all or nothing, each placement once."""
