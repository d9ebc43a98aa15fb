/* A ZIP: a bundle of pages, or an edition. It uses what page.js says of roots and pages; verify.html has it, check.html has not. */

function readZip(b) {
  const v = new DataView(b.buffer, b.byteOffset, b.length);
  let end = b.length - 22;
  while (end >= 0 && end > b.length - 65558 && v.getUint32(end, true) !== 0x06054b50) end--;
  if (end < 0 || v.getUint32(end, true) !== 0x06054b50) stop("zip-damaged");
  const count = v.getUint16(end + 10, true), files = new Map();
  let at = v.getUint32(end + 16, true);
  if (at === 0xffffffff || count === 0xffff) stop("zip-too-large");
  for (let i = 0; i < count; i++) {
    if (v.getUint32(at, true) !== 0x02014b50) stop("zip-damaged");
    const n = v.getUint16(at + 28, true), name = text(b.subarray(at + 46, at + 46 + n)), start = v.getUint32(at + 42, true);
    const parts = name.split("/");
    if (files.has(name) || parts.includes("..") || /\\/.test(name) || parts[0].includes(":") || parts.slice(0, -1).includes("")) stop("zip-names");
    const from = start + 30 + v.getUint16(start + 26, true) + v.getUint16(start + 28, true);
    if (!name.endsWith("/")) files.set(name, {
      packed: v.getUint16(at + 8, true) & 1 ? -1 : v.getUint16(at + 10, true), body: b.subarray(from, from + v.getUint32(at + 20, true)),
    });
    at += 46 + n + v.getUint16(at + 30, true) + v.getUint16(at + 32, true);
  }
  return files;
}
async function unpack(file) {
  if (file.packed === 0) return file.body;
  if (file.packed !== 8) stop("zip-damaged");
  if (typeof DecompressionStream === "undefined") stop("zip-old-browser");
  const reader = new Blob([file.body]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader(), parts = [];
  for (let size = 0, r; !(r = await reader.read()).done;) {
    parts.push(r.value);
    if ((size += r.value.length) > MOST) { await reader.cancel(); stop("zip-damaged"); }
  }
  return joined(...parts);
}
const PROOF = /^(root\/\d+\.json|(edition|next)\.json(\.sig|\.minisig)?|(nodes|shards)\/[0-9a-f]{2}\/[0-9a-f]{64}|incoming\/\w{1,16})$/;
/* The line of a sheet, in as much of the manifest as the ZIP brings. */
async function lineOf(path, edition, part) {
  const place = hex(await sha(utf8(path.slice(0, path.lastIndexOf("/") + 1)))).slice(0, 4) + hex(await sha(utf8(path)));
  let at = edition.root, files = edition.files;
  for (let level = 0; files > 32; level++) {
    const node = await part("nodes", at);
    if (!node || node.length !== 576) return null;
    const from = 36 * parseInt(place[level], 16);
    at = hex(node.slice(from, from + 32));
    files = new DataView(node.buffer, node.byteOffset).getUint32(from + 32);
  }
  const shard = await part("shards", at);
  return shard && text(shard).split("\n").map(l => l.split("\t")).find(l => l[0] === path);
}
async function checkZip(b, known, now) {
  const files = readZip(b), proof = ".well-known/stet/";
  const first = [...files.keys()].filter(n => n.endsWith(proof + "root/1.json")).sort((x, y) => x.length - y.length)[0];
  if (!first) stop("zip-no-roots");
  const base = first.slice(0, -(proof + "root/1.json").length), get = async n => files.has(base + n) ? unpack(files.get(base + n)) : null;
  const own = [];
  for (let f; own.length < 200 && (f = await get(proof + "root/" + (own.length + 1) + ".json"));) own.push(f);
  let roots = await checkChain(own);
  if (known.length) {
    if (roots[0].site !== known[0].site) stop("other-site");
    if (known.some((r, i) => roots[i] && !same(r.body, roots[i].body))) stop("bad-roots");
    if (known.length > roots.length) roots = known;
  }
  const last = roots[roots.length - 1], pointer = await get(proof + "edition.json");
  if (!pointer) stop("zip-no-edition");
  let edition;
  try {
    edition = fields(exact(pointer), "expires,files,prev,published,root,seq,site,v");
    edition.at = moment(edition.published);
    if (edition.site !== last.site) throw new Error("site");
    let good = false;
    for (const line of text(await get(proof + "edition.json.sig") || new Uint8Array()).split("\n").slice(0, 8)) {
      const [id, signature] = line.split(" "), i = last.names.indexOf(id);
      if (i >= 0 && await isSigned(last.editionKeys[i], base64url(signature), tagged("stet/1 pointer", pointer))) good = true;
    }
    if (!good) throw new Error("signature");
  } catch (error) { stop("zip-edition"); }
  const cache = new Map(), part = async (kind, d) => {
    if (!isDigest(d)) return null;
    if (!cache.has(d)) {
      const body = await get(proof + kind + "/" + d.slice(0, 2) + "/" + d);
      cache.set(d, body && await digest("stet/1 " + kind.slice(0, -1), body) === d ? body : null);
    }
    return cache.get(d);
  };
  const found = {roots, edition, pages: 0, others: 0, problems: []};
  for (const [name, file] of files) {
    if (name.startsWith(base + proof)) {
      if (!PROOF.test(name.slice((base + proof).length))) found.problems.push([name, "zip-beside"]);
      continue;
    }
    if (base.endsWith("site/") && ["lock", "journal", "superseded"].includes(name.slice(base.length - 5))) continue;
    const path = "/" + name.slice(base.length), body = await unpack(file);
    if (!name.startsWith(base)) { found.problems.push([name, "zip-beside"]); continue; }
    const line = await lineOf(path, edition, part), isPage = /\.(html?|xhtml)$/i.test(path);
    if (line && +line[2] === body.length && line[1] === hex(await sha(body))) { if (isPage) found.pages++; continue; }
    if (isPage) {
      const {code} = await checkPage(body, roots, now, path);
      if (LEVEL[code] === "good" || code === "expired") found.pages++;
      else found.problems.push([path, code]);
    } else if (/\.(avif|webp|jpe?g|png|gif|txt|md|json|mp3|ogg|opus|mp4|webm)$/i.test(path)) found.others++;
    else found.problems.push([path, "zip-runs"]);
  }
  found.code = found.problems.length ? "zip-wrong" : last.expires <= now ? "expired" : !known.length ? "zip-alone" : found.others ? "zip-unproven" : "zip-good";
  return found;
}

