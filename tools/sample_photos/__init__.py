"""Draws the photos of the sample newsroom: invented places, painted from noise, light and cut-out shapes."""
