"""One page that was saved: what a check of it says. verify.html is held to the same vectors in test_reader_page."""

import json
from base64 import b64decode

import pytest

from stet.edition.root import check_chain
from stet.edition.verify.page import SENTENCES, Code, check_page
from stet.kit.clock import read_moment
from tests.edition.make_vectors import FOLDER, vectors

FILES = sorted(FOLDER.glob("*.json"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_page_is_judged_as_the_vector_says(file):
    vector = json.loads(file.read_text())
    files = [root.encode() for root in vector["roots"]]
    roots = check_chain(files, site=check_chain_site(files))
    page = b64decode(vector["page"])
    code, _claim = check_page(page, roots, now=read_moment(vector["now"]), path=vector["path"])
    assert code.value == vector["code"]


def check_chain_site(files):
    from stet.edition.root import SignedRoot

    return SignedRoot.from_bytes(files[0]).root.site_id


def test_the_vectors_are_what_their_script_makes():
    assert {file.name: file.read_text() for file in FILES} == vectors()


def test_every_code_has_a_sentence_and_a_vector():
    assert set(SENTENCES) == set(Code)
    assert {json.loads(file.read_text())["code"] for file in FILES} == {code.value for code in Code}
