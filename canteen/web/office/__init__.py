"""Pages for community, subdistrict, civil affairs and audit."""
