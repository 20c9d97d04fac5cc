"""The watch: feeds fetched politely and for ever, their pages read into the ledger, each source's state told plainly."""
