"""Who talks to us: each folder an audience; translates HTTP into one call and the answer into a page, knows no SQL."""
