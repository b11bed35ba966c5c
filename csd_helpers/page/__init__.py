"""The page that leaves: an allow-list exporter, a sanitiser and an independent gate."""
