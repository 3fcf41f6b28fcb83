"""The servers of `make run` and `make test`: PostgreSQL, Valkey, the processes around them."""
