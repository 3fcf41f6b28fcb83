"""What comes from files: skills and places with the product, hours from other systems."""

from volunteers.imports.reference import (
    import_places,
    import_regions,
    import_skills,
    place_vector,
)

__all__ = ["import_places", "import_regions", "import_skills", "place_vector"]
