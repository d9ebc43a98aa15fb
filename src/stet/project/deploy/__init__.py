"""Configuration for what stands around Stet: web servers of an origin and of mirrors, and units for systemd.

What a sheet is sent with has one source, `stet.project.reader_site`; here it is only said in nginx's and Caddy's words.
"""
