"""The law of the Shire: one topic, one module of rules beside one file of dated parameters."""
