"""Plans of an edition: read it into a problem, let it be solved, accept what came out."""
