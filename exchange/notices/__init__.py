"""Every message the exchange sends: one function and one template each."""
