"""`python -m stet.edition COPY`: check a copy of a site where nothing else of Stet is installed."""

from stet.edition.verify.command import main

if __name__ == "__main__":
    main()
