"""Whether a copy of a site is what the newsroom signed: a folder, a ZIP, an address, one saved page.

What is checked, in this order, each only if what it rests on holds:
 1. The roots follow from the site's id, reach the root that the checker knows, and have not expired.
 2. edition.json is signed by an edition key of the newest root, is this site's, has not expired, and is no older than
    the newest edition that the checker has seen.
 3. Every shard and node of the manifest that is read is what its name says.
 4. Every sheet is there, with its digest and size; while next.json stands, as one of the two editions has it.
 5. Every page that carries a signature carries a good one, for its own address.
 6. Compressed copies unpack to their sheets, and nothing else stands in a copy whose files can be listed.

Of a part of an edition (a bundle) and of one page 3, 4 and 6 cannot be asked; the report says so. The clock is the
caller's. Nothing here needs more than Python, cryptography and msgspec; with brotli, copies in .br are read too.
"""

from stet.edition.page_signature import verify_page
from stet.edition.verify.archive import verify_archive
from stet.edition.verify.folder import verify_folder
from stet.edition.verify.page import check_page
from stet.edition.verify.report import Kind, Report, Verdict
from stet.edition.verify.web import verify_address

__all__ = [
    "Kind",
    "Report",
    "Verdict",
    "check_page",
    "verify_address",
    "verify_archive",
    "verify_folder",
    "verify_page",
]
