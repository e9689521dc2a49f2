"""Documents: AS2 JSON to records and records to AS2 JSON. No I/O."""
