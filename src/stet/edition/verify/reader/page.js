/* Checks a page, and a ZIP where zip.js stands before it, by the rules of docs/edition-format.md. What it says is held to what
   Python says by the vectors in tests/edition/vectors. It asks nobody anything; its policy would not let it. */
const $ = id => document.getElementById(id);
const WORDS = JSON.parse($("words").textContent), SITE = JSON.parse($("site").textContent);
const MOST = 8 << 20, utf8 = s => new TextEncoder().encode(s);
const text = b => new TextDecoder("utf-8", {fatal: true, ignoreBOM: true}).decode(b);
const hex = b => Array.from(b, x => x.toString(16).padStart(2, "0")).join("");
const same = (a, b) => a.length === b.length && a.every((x, i) => x === b[i]);
const joined = (...parts) => {
  const all = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const p of parts) { all.set(p, at); at += p.length; }
  return all;
};
const tagged = (tag, b) => joined(utf8(tag + "\0"), b);
const sha = async b => new Uint8Array(await crypto.subtle.digest("SHA-256", b));
const digest = async (tag, b) => hex(await sha(tagged(tag, b)));
const keyId = async key => (await digest("stet/1 key", key)).slice(0, 16);
let by = "browser";

/* A problem with a code that `words` has a sentence for. */
const stop = code => { throw Object.assign(new Error(code), {code}); };

/* Ed25519 by the browser; where it has none, by the library above. */
async function isSigned(key, signature, message) {
  if (key.length !== 32 || signature.length !== 64) return false;
  try {
    const k = await crypto.subtle.importKey("raw", key, {name: "Ed25519"}, false, ["verify"]);
    const good = await crypto.subtle.verify("Ed25519", k, signature, message);
    by = "browser";
    return good;
  } catch (error) {
    if (error.name === "DataError") return false;
    by = "library";
    return isSignedByLibrary(key, signature, message);
  }
}

/* --- How things are written --- */

const canon = v => v && typeof v === "object" ? Array.isArray(v) ? "[" + v.map(canon) + "]" :
  "{" + Object.keys(v).sort().map(k => JSON.stringify(k) + ":" + canon(v[k])) + "}" : JSON.stringify(v);
const fields = (v, names) => {
  if (!v || Object.keys(v).sort().join() !== names) throw new Error("fields");
  return v;
};
function base64url(s) {
  const b = Uint8Array.from(atob(s.replace(/-/g, "+").replace(/_/g, "/")), c => c.charCodeAt(0));
  if (btoa(String.fromCharCode(...b)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "") !== s) throw new Error("base64");
  return b;
}
function moment(s) {
  const d = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(s) ? new Date(s) : NaN;
  if (!(+d === +d) || d.toISOString().slice(0, 19) + "Z" !== s) throw new Error("moment");
  return d;
}
const isDigest = s => /^[0-9a-f]{64}$/.test(s);
function exact(b) {
  const v = JSON.parse(text(b));
  if (!same(utf8(canon(v)), b)) throw new Error("canonical");
  return v;
}
const groups = site => site.slice(0, 32).match(/.{4}/g);
const spoken = site => groups(site).map(g => {
  const n = parseInt(g, 16), c = "bdfghjklmnprstvz", v = "aiou";
  return c[n >> 12] + v[n >> 10 & 3] + c[n >> 6 & 15] + v[n >> 4 & 3] + c[n & 15];
}).join("-");

/* --- Roots --- */

async function readRoot(file) {
  const {root, signatures} = fields(exact(file), "root,signatures");
  fields(root, "edition_keys,expires,issued,keys,site,threshold,v,version");
  const keys = root.keys.map(base64url), editionKeys = root.edition_keys.map(base64url);
  moment(root.issued);
  if (root.v !== 1 || (root.site === null) !== (root.version === 1) || (root.site !== null && !isDigest(root.site)) ||
      !(root.threshold >= 1 && root.threshold <= keys.length) || !editionKeys.length || new Set(root.keys).size < keys.length ||
      root.keys.some(k => root.edition_keys.includes(k)) || [...keys, ...editionKeys].some(k => k.length !== 32)) throw new Error("root");
  const body = utf8(canon(root)), ids = await Promise.all(keys.map(keyId)), names = await Promise.all(editionKeys.map(keyId));
  const s = {};
  for (const id in signatures) s[id] = base64url(signatures[id]);
  const site = root.site === null ? await digest("stet/1 root", body) : root.site;
  return {...root, keys, ids, editionKeys, names, body, signatures: s, site, expires: moment(root.expires)};
}
async function isVouched(root, judge) {
  let good = 0;
  for (const [i, key] of judge.keys.entries())
    if (root.signatures[judge.ids[i]] && await isSigned(key, root.signatures[judge.ids[i]], tagged("stet/1 root", root.body))) good++;
  return good >= judge.threshold;
}
async function checkChain(files) {
  const roots = [];
  try {
    for (const file of files) {
      const root = await readRoot(file), judge = roots[roots.length - 1] || root;
      if (root.version !== roots.length + 1 || root.site !== (roots[0] || root).site ||
          !await isVouched(root, judge) || !await isVouched(root, root)) throw new Error("chain");
      roots.push(root);
    }
  } catch (error) { stop("bad-roots"); }
  return roots;
}

/* --- One page --- */

const latin = b => { let s = ""; for (let i = 0; i < b.length; i += 32768) s += String.fromCharCode(...b.subarray(i, i + 32768)); return s; };
const bytes = s => Uint8Array.from(s, c => c.charCodeAt(0));
function split(s) {
  const open = "<!--stet-" + "page ", start = s.lastIndexOf(open), end = start < 0 ? -1 : s.indexOf("-->", start);
  return end < 0 ? null : [s.slice(start + open.length, end), s.slice(0, start) + s.slice(end + 3)];
}
function readClaim(s) {
  const found = split(s);
  if (!found) return null;
  const claim = JSON.parse(text(bytes(found[0])));
  for (const name of ["key", "path", "revision", "sig", "site", "time"]) if (typeof claim[name] !== "string") throw new Error(name);
  base64url(claim.sig);
  moment(claim.time);
  return claim;
}
async function isPageSigned(s, claim, roots) {
  const found = split(s);
  if (!found) return false;
  const {path, revision, site, time} = claim;
  const message = tagged("stet/1 page", utf8(canon({digest: hex(await sha(bytes(found[1]))), path, revision, site, time})));
  for (const root of roots)
    for (const [i, key] of root.editionKeys.entries())
      if (root.names[i] === claim.key && await isSigned(key, base64url(claim.sig), message)) return true;
  return false;
}
async function checkPage(page, roots, now, path) {
  const s = latin(page);
  let claim;
  try { claim = readClaim(s); } catch (error) { return {code: "damaged"}; }
  if (!claim) return {code: "no-signature"};
  const last = roots[roots.length - 1];
  if (!last) return {code: "no-roots", claim};
  if (claim.site !== last.site) return {code: "other-site", claim};
  const lines = s.replace(/\r\n?/g, "\n"), bare = lines.replace(/[ \t\n]+$/, "");
  let signed = null;
  for (const one of new Set([s, lines, bare + "\n", bare])) {
    if (await isPageSigned(one, claim, roots)) { signed = one; break; }
  }
  if (signed === null) {
    if (s.slice(0, 2048).includes("<!-- saved from url=(")) return {code: "browser-copy", claim};
    return {code: roots.some(r => r.names.includes(claim.key)) ? "changed" : "unknown-key", claim};
  }
  if (!await isPageSigned(signed, claim, [last])) return {code: "retired-key", claim};
  if (path && (path.endsWith("/") ? path + "index.html" : path).normalize() !== claim.path) return {code: "other-path", claim};
  if (last.expires <= now) return {code: "expired", claim};
  return {code: signed === s ? "good" : "line-ends", claim};
}
const LEVEL = {good: "good", "line-ends": "good", "browser-copy": "unsure", expired: "unsure", "no-roots": "unsure"};

/* --- What the reader sees --- */

let words, language, last = null, known = [];
const say = (key, values = {}) => (words[key] || key).replace(/\{(\w+)\}/g, (_, name) => values[name]);
const add = (to, tag, content, name) => {
  const e = document.createElement(tag);
  if (name) e.className = name;
  if (content !== undefined) e.textContent = content;
  to.append(e);
  return e;
};
const locale = () => language + "-u-ca-gregory" + (language === "en" ? "-hc-h23" : "");
const day = d => new Intl.DateTimeFormat(language === "en" ? "en-GB-u-ca-gregory" : locale(), {dateStyle: "long", timeStyle: "short", timeZone: "UTC"}).format(d) + " UTC";
function age(d) {
  const hours = Math.round((d - Date.now()) / 36e5), f = new Intl.RelativeTimeFormat(language);
  return Math.abs(hours) < 48 ? f.format(hours, "hour") : Math.abs(hours) < 1440 ? f.format(Math.round(hours / 24), "day") : f.format(Math.round(hours / 730), "month");
}
/* Parts that read in ways of their own: isolated, so that none turns its neighbours. */
const dated = (...parts) => parts.map(p => "\u2068" + p + "\u2069").join(" · ");
const number = n => new Intl.NumberFormat(language).format(n);
function fact(dl, key, value, isCode) {
  add(dl, "dt", say(key));
  const dd = add(dl, "dd", isCode ? undefined : value);
  if (isCode) add(dd, "code", value, isCode);
}
function identity(dl, site) {
  fact(dl, "f_site", groups(site).join(" "), "digits");
  fact(dl, "f_words", spoken(site), "words");
}
function show() {
  const out = $("result");
  out.textContent = "";
  out.className = "";
  delete out.dataset.code;
  if (!last) return;
  const {code, claim, edition, name} = last, level = last.level;
  out.className = level;
  out.dataset.code = code;
  out.dataset.level = level;
  out.dataset.by = last.by;
  add(out, "h2", {good: "✓ ", bad: "✗ ", unsure: "? "}[level] + say("h_" + level));
  const values = {path: claim ? claim.path : "", pages: number(last.pages || 0), others: number(last.others || 0)};
  add(out, "p", say(code, values));
  if (last.problems && last.problems.length) {
    const ul = add(out, "ul");
    for (const [path, why] of last.problems.slice(0, 20)) { const li = add(ul, "li"); add(li, "code", path); add(li, "span", " " + say(why, values)); }
    if (last.problems.length > 20) add(ul, "li", say("more", {count: number(last.problems.length - 20)}));
  }
  if (edition) add(out, "p", say("zip-part"));
  if (last.others && code !== "zip-unproven") add(out, "p", say("zip-others", values));
  if (claim && level === "bad" && code !== "other-path") add(out, "p", say("unproven"));
  const dl = add(out, "dl");
  if (name) fact(dl, "f_file", name);
  if (claim) fact(dl, "f_path", claim.path, "path");
  if (claim) fact(dl, "f_time", dated(day(new Date(claim.time)), age(new Date(claim.time))));
  if (edition) fact(dl, "f_edition", dated(number(edition.seq), day(edition.at), age(edition.at)));
  if (edition) fact(dl, "f_pages", values.pages);
  const site = claim ? claim.site : edition && edition.site;
  if (site) identity(dl, site);
  if (site && !known.length) add(out, "p", say("claimed"));
  if (last.by) fact(dl, "f_by", say("by_" + last.by));
}
function speak(code) {
  language = WORDS[code] ? code : Object.keys(WORDS)[0];
  words = WORDS[language];
  document.documentElement.lang = language;
  document.documentElement.dir = language === "fa" ? "rtl" : "ltr";
  document.title = say("title");
  if ($("language")) $("language").value = language;
  for (const e of document.querySelectorAll("[data-w]")) e.textContent = say(e.dataset.w);
  const anchor = $("anchor");
  anchor.textContent = "";
  if (known.length) {
    add(anchor, "span", say("anchor") + " ");
    add(anchor, "br");
    add(anchor, "code", groups(known[0].site).join(" "));
    add(anchor, "br");
    add(anchor, "code", spoken(known[0].site), "words");
  } else anchor.textContent = say("no_anchor");
  show();
}
async function check(b, name) {
  const result = $("result");
  result.className = "";
  delete result.dataset.code;
  result.textContent = say("working");
  let found;
  try {
    if (!globalThis.crypto || !crypto.subtle) stop("no-crypto");
    if (b[0] === 80 && b[1] === 75) found = typeof checkZip === "undefined" ? stop("zip-whole") : await checkZip(b, known, Date.now());
    else if (b.length > MOST) found = {code: "no-signature"};
    else found = await checkPage(b, known, Date.now(), $("path").value.trim());
  } catch (error) { found = {code: error.code || "zip-damaged"}; }
  const level = {"zip-good": "good", "zip-alone": "unsure", "zip-unproven": "unsure", "zip-whole": "unsure", "no-crypto": "unsure", "zip-too-large": "unsure", "zip-old-browser": "unsure"}[found.code] || LEVEL[found.code] || "bad";
  last = {...found, name, level, by: found.claim || found.edition ? by : ""};
  show();
  result.focus();
}
async function take(file) {
  if (file) await check(new Uint8Array(await file.arrayBuffer()), file.name);
}
$("file").addEventListener("change", e => take(e.target.files[0]));
$("check").addEventListener("click", () => check(utf8($("text").value), ""));
if ($("language")) $("language").addEventListener("change", e => speak(e.target.value));
for (const kind of ["dragover", "dragleave", "drop"]) document.addEventListener(kind, e => {
  e.preventDefault();
  $("drop").classList.toggle("over", kind === "dragover");
  if (kind === "drop") take(e.dataTransfer.files[0]);
});
(async () => {
  try { if (SITE.roots.length) known = await checkChain(SITE.roots.map(utf8)); } catch (error) { known = []; }
  $("web").hidden = location.protocol === "file:";
  speak((location.hash.slice(1) || navigator.language || "en").slice(0, 2));
  document.body.dataset.ready = known.length ? "site" : "none";
})();
