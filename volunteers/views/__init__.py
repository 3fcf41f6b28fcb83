"""The pages of people, affiliates, skills and notices."""
