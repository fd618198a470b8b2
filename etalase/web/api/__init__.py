"""The API of native apps: what buyers do on their pages, by JSON; same accounts, same actions, one shape of refusal."""
