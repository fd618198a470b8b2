"""Policy replay: what the last ninety days would have looked like under another figure; reads facts, writes nothing."""
