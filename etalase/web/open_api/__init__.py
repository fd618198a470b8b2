"""The Open API: other programs act for a shop, signed, within their scopes, in the shapes that TikTok Shop clients know."""
