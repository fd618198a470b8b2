"""Payment vendors as their documentation has them: small servers that check who asks and speak with their own words."""
