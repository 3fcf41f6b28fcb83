"""What people hear of the Grand Tour."""
