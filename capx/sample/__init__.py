"""The pilot's sample: invented people and what they offer, ask for and learn."""
