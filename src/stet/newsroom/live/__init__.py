"""Live coverage at the desk: entries are written in one small form and stand before readers a moment later."""
