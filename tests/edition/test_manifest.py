import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stet.edition import manifest
from stet.edition.errors import EditionBrokenError
from stet.edition.manifest import SHARD_LINES, Entry, Tree, apply, differences, empty_tree, part_differences, place
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


PATHS = st.integers(0, 60).map(lambda n: f"/{n}/index.html" if n % 2 else f"/media/{n}.jpg")
"""Half of them in folders of their own, half in one folder that outgrows a shard."""
CHANGES = st.dictionaries(PATHS, st.none() | st.sampled_from(["old", "new"]), max_size=45)


@given(st.lists(CHANGES, max_size=6), st.sampled_from([0, 20, 32, 500]))
@settings(deadline=None, max_examples=120)
def test_the_manifest_follows_from_the_set_of_sheets_whatever_the_history(history, others):
    """`others` sheets put the number at which a shard becomes a node within reach of the changes."""
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


def shards_of(store):
    return [body.count(b"\n") for name, body in store.parts.items() if name.startswith("shards")]


@pytest.mark.parametrize("number", [SHARD_LINES, SHARD_LINES + 1, 3000])
def test_no_shard_holds_more_than_its_lines_also_where_one_folder_holds_all_sheets(number):
    line = a_line(1)
    entries = {f"/media/{n}.jpg": Entry(f"/media/{n}.jpg", line.digest, 5, "image/jpeg") for n in range(number)}
    store = a_store(entries)
    assert sum(shards_of(store)) == number
    assert max(shards_of(store)) <= SHARD_LINES
    assert all(store.tree.entry(path) == entry for path, entry in entries.items())


def test_what_falls_below_a_shards_lines_is_one_shard_again():
    store = a_store(lines(range(SHARD_LINES + 1)))
    assert len(store.parts) > 1
    store.change({"/7/index.html": None})
    assert shards_of(store) == [SHARD_LINES]
    assert len(store.parts) == 1


def test_sheets_of_one_folder_change_one_shard():
    """A story, its twin and what else stands beside it are printed together."""
    store = a_store(lines(range(3000)))
    story = {f"/news/a-story/{name}": a_line(1) for name in ("index.html", "article.json", "claims.json")}
    change = store.change({path: Entry(path, line.digest, 5, "text/html") for path, line in story.items()})
    assert sum(name.startswith("shards") for name in change.written) == 1


def test_a_number_draws_each_sheet_once():
    store = a_store(lines(range(300)))
    drawn = [store.tree.numbered(number) for number in range(300)]
    assert sorted(entry.path for entry in drawn) == sorted(lines(range(300)))


@given(st.sets(st.integers(0, 200)), st.sets(st.integers(0, 200)))
@settings(deadline=None, max_examples=60)
def test_the_parts_that_differ_are_those_that_only_one_manifest_has(before, after):
    old, new = a_store(lines(before)), a_store(lines(after, "other"))
    gone, come = part_differences(old.tree, new.tree)
    assert (gone, come) == (old.parts.keys() - new.parts.keys(), new.parts.keys() - old.parts.keys())


def test_a_change_that_changes_nothing_writes_nothing():
    store = a_store(lines(range(300)))
    change = store.change(lines(range(50)))
    assert (change.written, change.superseded) == ({}, frozenset())


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
    assert sum(map(len, change.written.values())) < 2 * 576 + 32 * 150


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


def a_node(children):
    """A node of (digest, number) by digit, nothing elsewhere."""
    return b"".join(
        bytes.fromhex(digest) + number.to_bytes(4)
        for digest, number in (children.get(digit, ("0" * 64, 0)) for digit in manifest.DIGITS)
    )


def a_tree_of(shard, digit, *, number=33, says=33):
    """A tree with one shard under one node."""
    digest = manifest.hex_digest(manifest.SHARD_TAG, shard)
    node = a_node({digit: (digest, number)})
    root = manifest.hex_digest(manifest.NODE_TAG, node)
    parts = {manifest.shard_name(digest): shard, manifest.node_name(root): node}
    return Tree(root, says, parts.__getitem__)


def test_a_line_in_the_wrong_shard_is_broken():
    """A signer's mistake, or a lie: the digests fit, the place does not."""
    entries = lines(range(2), "words")
    shard = b"".join(entry.to_line() for entry in entries.values())
    wrong = next(digit for digit in manifest.DIGITS if all(digit != place(path)[0] for path in entries))
    tree = a_tree_of(shard, wrong, number=2, says=2)
    with pytest.raises(EditionBrokenError, match="does not belong"):
        list(tree.entries_under(wrong, tree.children(manifest.Part(tree.root, 2))[int(wrong, 16)]))


WRONG_NUMBERS = {
    "a node that holds other than its parent says": (34, 33),
    "a shard that holds other than its node says": (2, 2),
}


@pytest.mark.parametrize(("number", "says"), WRONG_NUMBERS.values(), ids=WRONG_NUMBERS)
def test_a_part_with_another_number_of_sheets_is_broken(number, says):
    tree = a_tree_of(a_line(1).to_line(), place("/1/index.html")[0], number=number, says=says)
    top = manifest.Part(tree.root, says)
    with pytest.raises(EditionBrokenError, match="as many sheets"):
        [tree.lines(child) for child in tree.children(top)]


def test_a_node_that_names_nothing_yet_counts_sheets_is_broken():
    node = a_node({"0": ("0" * 64, 40)})
    root = manifest.hex_digest(manifest.NODE_TAG, node)
    with pytest.raises(EditionBrokenError, match="not written as the format says"):
        list(Tree(root, 40, {manifest.node_name(root): node}.__getitem__).entries())


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
