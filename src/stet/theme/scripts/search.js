/* Searches a language's index from the page itself. What is looked for stands behind the # of the address, which no
   browser sends; only the names of the index's files leave the device. What is fetched is kept until the page is left.
   search_script.py puts the language's stemmer at STEM, and the letters of folding.py at FOLDED and GONE. */
((d, addr) => {
  const form = d.querySelector("form[data-index]"), x = form.dataset, field = form.elements[0];
  const said = d.querySelector("#said"), list = d.querySelector("#found"), more = d.querySelector("#more");
  const lang = d.documentElement.lang, files = new Map, FOLD = {}, PAGE = 8;
  "FOLDED".replace(/(.)(.)/g, (all, a, b) => { FOLD[a] = b });
  const folded = s => s.normalize("NFKC").toLowerCase().replace(/[GONE]/g, "")
    .replace(/[\u0660-\u0669\u06f0-\u06f9]/g, c => c.charCodeAt() & 15).replace(/[^\x20-~]/g, c => FOLD[c] || c);
  const stem = STEM;
  const stems = s => (folded(s).match(/[\p{L}\p{N}\p{M}]+/gu) || []).filter(w => w[1] || /\p{N}/u.test(w)).map(stem).filter(s => s);
  const number = s => {
    let c = -1;
    for (const byte of new TextEncoder().encode(s)) {
      c ^= byte;
      for (let k = 8; k--;) c = c >>> 1 ^ (c & 1 && 0xedb88320)
    }
    return ~c >>> 0
  };
  const get = (name, as) => {
    if (!files.has(name)) files.set(name, fetch(x.index + name).then(r => {
      if (!r.ok) throw r;
      return r[as]()
    }).catch(e => {
      files.delete(name);
      throw e
    }));
    return files.get(name)
  };

  /* What a segment's file says of a stem: [is it common, story to whether a headline has it]; or nothing. */
  const look = async ([name, count], h) => {
    const bits = 32 - Math.clz32(count - 1 >> (count > 1024 ? 3 : count > 64 ? 2 : 1));
    const file = (bits ? h >>> 32 - bits : 0).toString(16), low = h << bits >>> bits;
    for (let part = 0;; part++) {
      const bytes = new Uint8Array(await get(name + "/" + file + (part ? "." + part : "") + ".bin", "arrayBuffer"));
      let at = 1, here = 0;
      const next = () => {
        let n = 0, by = 1, c;
        do {
          c = bytes[at++];
          n += (c & 127) * by;
          by *= 128
        } while (c > 127);
        return n
      };
      while (at < bytes.length && here <= low) {
        here += next();
        const head = next(), places = new Map;
        let story = -1;
        for (let k = head >> 1; k--;) {
          const place = next();
          story += place >> 1;
          places.set(story, place & 1)
        }
        if (here == low) return [head & 1, places]
      }
      if (!bytes[0] || here > low) return
    }
  };

  /* A segment's stories that have all stems: [in how many headlines, segment's number, story]. */
  const within = async (segments, n, wanted) => {
    const all = await Promise.all(wanted.map(h => look(segments[n], h)));
    if (all.includes(undefined)) return [];
    const [[, first]] = [...all].sort((a, b) => a[0] - b[0] || a[1].size - b[1].size);
    return [...first.keys()].filter(s => all.every(([common, places]) => common || places.has(s)))
      .map(s => [all.filter(([, places]) => places.get(s)).length, n, s])
  };

  const marked = (to, text, wanted) => {
    text.split(/([\p{L}\p{N}\p{M}\u00ad\u200c\u200d]+)/u).forEach((part, n) => {
      const is = n % 2 && stems(part).some(s => wanted.includes(s));
      const at = is ? d.createElement("mark") : d.createTextNode(part);
      if (is) at.textContent = part;
      to.append(at)
    });
    return to
  };
  const made = (to, kind, css) => {
    const e = d.createElement(kind);
    e.className = css || "";
    to.append(e);
    return e
  };
  const show = ([path, headline, day, section, begin], wanted) => {
    const item = made(list, "li"), a = made(made(item, "h2"), "a");
    a.href = path;
    marked(a, headline, wanted);
    marked(made(item, "p"), begin, wanted);
    const date = new Date(day).toLocaleDateString(lang + "-u-ca-gregory", {dateStyle: "long", timeZone: "UTC"});
    made(item, "p", "meta").textContent = date + (section && " · " + section)
  };

  let turn = 0;
  const run = async () => {
    const mine = ++turn, q = new URLSearchParams(addr.hash.slice(1)).get("q") || "";
    const wanted = [...new Set(stems(q))].slice(0, 6), hashes = wanted.map(number);
    let waiting = [], n = 0, shown = 0;
    field.value = q;
    list.textContent = said.textContent = "";
    more.hidden = true;
    if (!wanted[0]) return;
    const step = async () => {
      said.textContent = x.busy;
      more.hidden = true;
      try {
        const {segments} = await get("segments.json", "json");
        const until = shown + PAGE;
        /* First days and months, with the newest year; then years, one after the other, until something is found. */
        for (let years = 0; n < segments.length && !waiting.length && years < 3;) {
          const found = [];
          do {
            found.push(...await within(segments, n, hashes));
            years += !segments[n++][0][4]
          } while (n < segments.length && !years);
          if (mine != turn) return;
          waiting = found.sort((a, b) => b[0] - a[0] || a[1] - b[1] || b[2] - a[2])
        }
        while (waiting.length && shown < until) {
          const [, at, story] = waiting[0];
          const titles = await get(segments[at][0] + "/t/" + (story >> 4).toString(16) + ".json", "json");
          if (mine != turn) return;
          waiting.shift();
          if (titles[story & 15]) show(titles[story & 15], wanted), shown++
        }
        said.textContent = shown ? x.shown.replace("%", shown.toLocaleString(lang)) : x.none;
        more.hidden = !waiting.length && n >= segments.length;
        more.textContent = waiting.length ? x.more : x.older
      } catch (e) {
        if (mine != turn) return;
        said.textContent = x.failed;
        more.hidden = false;
        more.textContent = x.again
      }
    };
    more.onclick = async () => {
      const before = list.children.length;
      await step();
      (list.children[before] && list.children[before].querySelector("a") || field).focus()
    };
    await step()
  };
  form.onsubmit = e => {
    e.preventDefault();
    const hash = "#" + new URLSearchParams({q: field.value});
    if (addr.hash == hash) run();
    else addr.hash = hash
  };
  onhashchange = run;
  form.hidden = false;
  d.querySelector("#without").hidden = true;
  run()
})(document, location)
