"""The press: what the database holds becomes copy, copy becomes sheets, and sheets become the edition."""
