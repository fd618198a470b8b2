"""The content of the demo world: invented shops, products, people and drawn pictures; pure data."""
