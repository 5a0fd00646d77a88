"""Documents, changes of documents and requests by dice: a seed gives the same on every machine."""
