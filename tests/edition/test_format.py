"""The format's page tells a stranger what the code does: a second verifier, written from the page alone, agrees."""

import hashlib
import json
from base64 import urlsafe_b64decode

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tests.edition.builders import a_paper, a_put


def tagged(tag, data):
    return tag.encode() + b"\0" + data


def sha(data):
    return hashlib.sha256(data).hexdigest()


def canonical(value):
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def unbase(text):
    return urlsafe_b64decode(text + "==")


def verify(key, signature, tag, data):
    Ed25519PublicKey.from_public_bytes(unbase(key)).verify(unbase(signature), tagged(tag, data))


def test_a_verifier_written_from_the_page_agrees(tmp_path):
    paper = a_paper(tmp_path / "paper")
    paper.commit(*(a_put(f"/{number}/", str(number)) for number in range(3000)))
    proof = paper.proof
    signed = json.loads((proof / "root/1.json").read_bytes())
    root = signed["root"]
    site = sha(tagged("stet/1 root", canonical(root)))
    assert site == paper.key.site
    ids = {sha(tagged("stet/1 key", unbase(key)))[:16]: key for key in root["keys"] + root["edition_keys"]}
    for name, signature in signed["signatures"].items():
        verify(ids[name], signature, "stet/1 root", canonical(root))

    pointer = (proof / "edition.json").read_bytes()
    name, signature = (proof / "edition.json.sig").read_text().splitlines()[0].split(" ")
    verify(ids[name], signature, "stet/1 pointer", pointer)
    pointer = json.loads(pointer)

    path = "/1234/index.html"
    place = sha(b"/1234/")[:4] + sha(path.encode())
    digest, files = pointer["root"], pointer["files"]
    nodes = 0
    while files > 32:
        node = (proof / "nodes" / digest[:2] / digest).read_bytes()
        assert (sha(tagged("stet/1 node", node)), len(node)) == (digest, 576)
        child = node[36 * int(place[nodes], 16) :][:36]
        digest, files = child[:32].hex(), int.from_bytes(child[32:], "big")
        nodes += 1
    assert nodes == 2
    shard = (proof / "shards" / digest[:2] / digest).read_bytes()
    assert sha(tagged("stet/1 shard", shard)) == digest
    assert f"{path}\t{sha(b'1234')}\t4\ttext/plain\n".encode() in shard.splitlines(keepends=True)
    assert len(shard.splitlines()) == files

    page = (paper.site / "one/index.html").read_bytes()
    start = page.rfind(b"<!--stet-page ")
    end = page.find(b"-->", start)
    claim = json.loads(page[start + len(b"<!--stet-page ") : end])
    claim["digest"] = sha(page[:start] + page[end + 3 :])
    name, signature = claim.pop("key"), claim.pop("sig")
    assert (claim["site"], claim["path"]) == (site, "/one/index.html")
    verify(ids[name], signature, "stet/1 page", canonical(claim))
