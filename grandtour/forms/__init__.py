"""What people may write about a tour."""
