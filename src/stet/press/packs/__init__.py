"""The paper to take along: the articles of some days in one file, made of the printed edition alone."""
