"""The desk: pages in, incidents kept current, judgements taken. The only module that knows the order of store and merge."""
