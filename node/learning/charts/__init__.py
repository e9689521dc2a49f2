"""Charts that tell chance from change: rules, what they find, how it is drawn and said. Pure."""
