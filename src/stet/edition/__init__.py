"""One printed state of the whole site: its sheets, the manifest that names them, the signatures that vouch for it."""
