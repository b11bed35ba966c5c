"""The Children's Scrutiny Dataset workbook: from a council's records to Part 1 and Part 2 pages."""
