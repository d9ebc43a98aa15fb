"""Templates, styles and the copy contract: here copy becomes the bytes of a sheet."""
