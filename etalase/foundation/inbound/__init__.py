"""What vendors tell us: kept before it is handled, applied until it has had its effect."""
