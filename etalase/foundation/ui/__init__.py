"""Components, layouts and the browser's files: the only place with visual classes."""
