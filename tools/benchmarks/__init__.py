"""What `make bench` is made of: an archive of invented stories, and measurements of what Stet does with it."""
