"""The pages of the Grand Tour."""
