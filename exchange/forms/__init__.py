"""What people may write about listings, exchanges and practices."""
