"""The kinds of places a mirror may be, one a module; `stet.mirrors.base` is their contract."""
