"""What people do with editions, hosts and applications."""
