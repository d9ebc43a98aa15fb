import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stet.edition import manifest
from stet.edition.errors import EditionBrokenError
from stet.edition.manifest import Entry, Tree, apply, depth, differences, empty_tree, place
from stet.edition.sheet import body_digest


class Store:
    """A manifest in memory, changed as a folder changes it."""

    def __init__(self):
        self.parts = {}
        self.tree = empty_tree()

    def change(self, changes):
        change = apply(self.tree, changes)
        self.parts |= change.written
        for name in change.superseded:
            del self.parts[name]
        self.tree = Tree(change.root, change.files, self.parts.__getitem__)
        return change


def a_line(number, words="words"):
    return Entry(f"/{number}/index.html", body_digest(words.encode()), len(words), "text/html")


def lines(numbers, words="words"):
    return {entry.path: entry for entry in (a_line(number, words) for number in numbers)}


def a_store(entries):
    store = Store()
    store.change(entries)
    return store


CHANGES = st.dictionaries(
    st.integers(0, 40).map(lambda n: f"/{n}/index.html"), st.none() | st.sampled_from(["old", "new"]), max_size=25
)


@given(st.lists(CHANGES, max_size=6), st.sampled_from([0, 100, 128, 2040]))
@settings(deadline=None, max_examples=120)
def test_the_manifest_follows_from_the_set_of_sheets_whatever_the_history(history, others):
    """`others` sheets put the depth's thresholds within reach of the changes."""
    state = lines(range(1000, 1000 + others))
    store = a_store(state)
    for changes in history:
        entries = {
            path: None if words is None else Entry(path, body_digest(words.encode()), 3, "text/html")
            for path, words in changes.items()
        }
        store.change(entries)
        state = {path: entry for path, entry in (state | entries).items() if entry is not None}
    at_once = a_store(state)
    assert (store.tree.root, store.tree.files) == (at_once.tree.root, len(state))
    assert store.parts == at_once.parts
    assert {entry.path: entry for entry in store.tree.entries()} == state


@given(st.sets(st.integers(0, 200)), st.sets(st.integers(0, 200)))
@settings(deadline=None, max_examples=60)
def test_the_old_manifest_and_the_differences_give_the_new_one(before, after):
    old, new = lines(before, "old"), lines(after) | lines(before & after & set(range(50)), "old")
    state = dict(old)
    for was, will in differences(a_store(old).tree, a_store(new).tree):
        assert was != will
        if was is not None:
            assert state.pop(was.path) == was
        if will is not None:
            state[will.path] = will
    assert state == new


DEPTHS = {0: 0, 1: 0, 128: 0, 129: 1, 2048: 1, 2049: 2, 32_768: 2, 32_769: 3, 524_288: 3, 524_289: 4}


@pytest.mark.parametrize(("files", "digits"), DEPTHS.items())
def test_the_depth_follows_from_the_number_of_sheets(files, digits):
    assert depth(files) == digits


def test_an_empty_manifest_needs_no_files():
    store = a_store(lines(range(300)))
    store.change(dict.fromkeys(lines(range(300))))
    assert store.parts == {}
    assert store.tree.root == empty_tree().root


def test_one_sheet_changes_one_shard_and_the_nodes_above_it():
    store = a_store(lines(range(2100)))
    change = store.change(lines([7], "other"))
    assert [name.partition("/")[0] for name in change.written] == ["shards", "nodes", "nodes"]
    assert len(change.superseded) == 3


def test_every_part_is_in_the_list_of_names():
    store = a_store(lines(range(300)))
    assert set(store.tree.names()) == store.parts.keys()


def test_a_sheet_is_found_by_its_path():
    store = a_store(lines(range(300)))
    assert store.tree.entry("/7/index.html") == a_line(7)
    assert store.tree.entry("/7/index.htm") is None


def test_a_part_that_is_not_what_its_name_says_is_broken():
    store = a_store(lines(range(300)))
    name = next(iter(store.parts))
    store.parts[name] = store.parts[name].replace(b"html", b"hmtl", 1) + b""
    if name.startswith("nodes"):
        store.parts[name] = b"0" + store.parts[name][1:]
    with pytest.raises(EditionBrokenError, match="not what its name says"):
        list(store.tree.entries())


def test_a_line_in_the_wrong_shard_is_broken():
    """A signer's mistake, or a lie: the digests fit, the place does not."""
    shard = a_line(1).to_line()
    digest = manifest.hex_digest(manifest.SHARD_TAG, shard)
    wrong = next(digit for digit in manifest.DIGITS if digit != place("/1/index.html")[0])
    children = [digest if digit == wrong else manifest.empty_digest(0) for digit in manifest.DIGITS]
    node = "".join(f"{child}\n" for child in children).encode()
    root = manifest.hex_digest(manifest.NODE_TAG, node)
    parts = {manifest.shard_name(digest): shard, manifest.node_name(root): node}
    with pytest.raises(EditionBrokenError, match="does not belong"):
        list(Tree(root, 129, parts.__getitem__).entries())


BAD_LINES = {
    "three fields": b"/a\tx\t1\n",
    "a digest in capitals": b"/a\t" + b"A" * 64 + b"\t1\ttext/html\n",
    "a size with a sign": b"/a\t" + b"a" * 64 + b"\t+1\ttext/html\n",
    "a size below nothing": b"/a\t" + b"a" * 64 + b"\t-1\ttext/html\n",
    "no line feed": b"/a\t" + b"a" * 64 + b"\t1\ttext/html",
    "no UTF-8": b"/\xff\t" + b"a" * 64 + b"\t1\ttext/html\n",
}


@pytest.mark.parametrize("line", BAD_LINES.values(), ids=BAD_LINES.keys())
def test_a_line_is_broken_with(line):
    with pytest.raises(EditionBrokenError):
        Entry.from_line(line)
