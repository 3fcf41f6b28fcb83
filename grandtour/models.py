"""Editions, hosts and travellers."""
