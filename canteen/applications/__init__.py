"""Applications for categories: filed by or for a resident, looked at by three offices, granted or refused."""
