"""Speed and quality measured side by side with peers; see docs/log.md for runs."""
