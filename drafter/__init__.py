"""Facts to a checked, versioned, exportable draft."""
