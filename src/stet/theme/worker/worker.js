/* The service worker of the newsroom's own address. It checks what arrives, keeps a little of it, and asks the mirrors
   where the address is silent or lies. How, and why so: docs/how-to/stay-with-readers.md and docs/decisions/0057.

   The rules:
    * A page is good if an edition key of this site signed it for this path. That needs no request. The manifest is asked
      about what carries no signature, and about a page that is older than one that was seen at its path.
    * The pointer is asked for after a page was shown, once in a quarter of an hour. Its number never goes back.
    * Whatever goes wrong in here, the browser asks the network as if there were no worker.

   PAPER stands in front of this when it is printed. Only strings in double quotes: it is shrunk by a simple program. */
"use strict";

const WELL_KNOWN = "/.well-known/stet/", QUARTER = 9e5, DAY = 864e5;
const MANIFEST_WAIT = 3000, LARGEST_PAGE = 3e5, MOST_PARTS = 60, LARGEST_FILE = 2e6;
const DAYS_OF_LIES = 30;
const PAGES = "stet-pages", PARTS = "stet-parts", STATE = "stet-state";

class Lie extends Error {}
class Old extends Error {}

/* --- Bytes --- */

const utf8 = new TextEncoder(), textOf = bytes => new TextDecoder().decode(bytes);
const hexOf = bytes => Array.from(new Uint8Array(bytes), byte => byte.toString(16).padStart(2, "0")).join("");
const rawOf = text => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), one => one.charCodeAt(0));
const hash = async bytes => hexOf(await crypto.subtle.digest("SHA-256", bytes));
const tagged = (tag, bytes) => joined(utf8.encode(tag + "\0"), bytes);
const later = wait => new Promise(done => setTimeout(done, wait));
const dayNow = () => Math.floor(Date.now() / DAY), quarterNow = () => Math.floor(Date.now() / QUARTER);

function joined(first, second) {
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}

async function isSigned(key, tag, bytes, signature) {
  try {
    const known = await crypto.subtle.importKey("raw", rawOf(key), "Ed25519", false, ["verify"]);
    return await crypto.subtle.verify("Ed25519", known, rawOf(signature), tagged(tag, bytes));
  } catch (error) {
    return false;
  }
}

async function isOurs(tag, bytes, signature) {
  for (const key of state.root.edition_keys) if (await isSigned(key, tag, bytes, signature)) return true;
  return false;
}

/* --- What is remembered --- */

let state = null, loading = null;

/* Once for each life of the worker: two events at a time have one memory. */
const load = () => (loading = loading || read());

async function read() {
  let stored = null;
  try {
    stored = await (await (await caches.open(STATE)).match("/state")).json();
  } catch (error) {
    /* Nothing is stored yet, or it was wiped: begin anew. */
  }
  /* Another site at the same address, as after a lost root key, begins anew. */
  const isAnother = stored && stored.site !== PAPER.site;
  if (isAnother) for (const name of [PAGES, PARTS]) await caches.delete(name).catch(() => 0);
  const known = { seq: 0, mirrors: [], ...(isAnother ? {} : stored), site: PAPER.site };
  if (!known.root || known.root.version < PAPER.root.version) known.root = PAPER.root;
  state = known;
}

const remember = async () => {
  try {
    await (await caches.open(STATE)).put("/state", new Response(JSON.stringify(state)));
  } catch (error) {
    /* No room: it is remembered for as long as the worker runs. */
  }
};

/* Past the root's year nothing can be checked, and an address that has answered for a month with what is not ours has
   another owner or another program. Then the worker steps aside until it hears of a newer root, or is replaced. */
const isTooOld = () => Date.now() > Date.parse(state.root.expires) || (state.lied && dayNow() - state.lied > DAYS_OF_LIES);

/* --- The site's identity: a root is followed to the next one --- */

async function learnRoots(place) {
  for (;;) {
    const number = state.root.version + 1, bytes = await fileAt(place, WELL_KNOWN + "root/" + number + ".json");
    if (!bytes) return;
    const { root, signatures } = JSON.parse(textOf(bytes));
    const body = utf8.encode(JSON.stringify(root));
    for (const judge of [state.root, root]) {
      let count = 0;
      for (const key of new Set(judge.keys)) {
        const id = (await hash(tagged("stet/1 key", rawOf(key)))).slice(0, 16);
        if (signatures[id] && (await isSigned(key, "stet/1 root", body, signatures[id]))) count++;
      }
      if (count < judge.threshold) throw new Lie();
    }
    if (root.version !== number || root.site !== PAPER.site) throw new Lie();
    state.root = root;
    await remember();
  }
}

/* --- The manifest: pointer, nodes, shard --- */

/* Parts of the manifest never change; anything else has to be the newest, its absence too. */
const isPart = path => /(shards|nodes)\//.test(path);

async function fileAt(place, path, wait = MANIFEST_WAIT, cache = isPart(path) ? "default" : "no-cache") {
  const response = await fetch(place + encodeURI(path), { ...asked(wait), cache });
  if (response.status === 404) return null;
  if (!response.ok) throw new Error();
  if (!place && path.endsWith("/")) state.policy = response.headers.get("content-security-policy") || state.policy;
  return bytesOf(response);
}

/* What was sent, as far as a file of ours may be long. */
async function bytesOf(response) {
  const reader = response.body.getReader();
  let all = new Uint8Array();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return all;
    all = joined(all, value);
    if (all.length > LARGEST_FILE) throw new Lie();
  }
}

const asked = wait => ({
  signal: AbortSignal.timeout(wait), credentials: "omit", referrerPolicy: "no-referrer", redirect: "error"
});

/* A pointer that this site signed; null where there is none. */
async function pointerAt(place, name = "edition") {
  const at = WELL_KNOWN + name + ".json", files = await Promise.all([fileAt(place, at), fileAt(place, at + ".sig")]);
  if (!files[0] || !files[1]) return null;
  for (const line of textOf(files[1]).trim().split("\n")) {
    if (!(await isOurs("stet/1 pointer", files[0], line.split(" ")[1] || ""))) continue;
    const pointer = JSON.parse(textOf(files[0]));
    if (pointer.site === PAPER.site) return pointer;
  }
  throw new Lie();
}

/* The pointer of the edition that stands at a place, or the one of this quarter of an hour. One that is behind what was
   seen is refused. */
async function newestAt(place, isFresh) {
  const known = state.known || {};
  if (!isFresh && known.place === place && known.quarter === quarterNow()) return known.pointer;
  const pointer = await pointerAt(place);
  if (!pointer) throw new Error();
  if (pointer.seq < state.seq) throw new Old();
  state.seq = pointer.seq;
  state.known = { place, pointer, quarter: quarterNow() };
  await remember();
  return pointer;
}

async function partAt(place, kind, digest) {
  const path = WELL_KNOWN + kind + "s/" + digest.slice(0, 2) + "/" + digest, parts = await caches.open(PARTS);
  const known = await parts.match(path);
  if (known) return new Uint8Array(await known.arrayBuffer());
  const bytes = await fileAt(place, path);
  if (!bytes) throw new Error();
  if ((await hash(tagged("stet/1 " + kind, bytes))) !== digest) throw new Lie();
  await parts.put(path, new Response(bytes)).catch(() => 0);
  const others = await parts.keys();
  for (const one of others.slice(0, -MOST_PARTS)) await parts.delete(one);
  return bytes;
}

/* The digest that a pointer's manifest gives for a path; null where it has none. */
async function printed(place, pointer, path) {
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  const digits = (await hash(utf8.encode(folder))).slice(0, 4) + (await hash(utf8.encode(path)));
  let digest = pointer.root, files = pointer.files;
  for (let at = 0; files > 32; at++) {
    const node = await partAt(place, "node", digest), from = 36 * parseInt(digits[at], 16);
    digest = hexOf(node.slice(from, from + 32));
    files = new DataView(node.buffer, node.byteOffset).getUint32(from + 32);
  }
  if (!files) return null;
  const line = textOf(await partAt(place, "shard", digest)).split("\n").find(one => one.startsWith(path + "\t"));
  return line ? line.split("\t")[1] : null;
}

/* Whether a file is as an edition there says. While one is printed it may be as either says, and the pointer may just
   have moved: the last look is a new one. An edition whose parts are there no more says nothing. */
async function isPrinted(place, path, digest) {
  let fault = null;
  for (const look of [() => newestAt(place), () => pointerAt(place, "next"), () => newestAt(place, true)]) {
    try {
      const pointer = await look();
      if (pointer && (await printed(place, pointer, path)) === digest) return true;
    } catch (error) {
      if (error instanceof Lie || error instanceof Old) throw error;
      fault = error;
    }
  }
  if (fault) throw fault;
  return false;
}

/* --- A page and a file --- */

/* What a page's own signature says: null where it has none. docs/edition-format.md, "A page's own signature". */
async function signed(place, bytes) {
  const letters = new TextDecoder("windows-1252").decode(bytes), start = letters.lastIndexOf("<!--stet-page ");
  const end = letters.indexOf("-->", start);
  if (start < 0 || end < 0) return null;
  try {
    const said = JSON.parse(textOf(bytes.subarray(start + 14, end))), { path, revision, time, site } = said;
    const digest = await hash(joined(bytes.subarray(0, start), bytes.subarray(end + 3)));
    const message = utf8.encode(JSON.stringify({ digest, path, revision, site, time }));
    for (const isLast of [false, true]) {
      if (site === PAPER.site && (await isOurs("stet/1 page", message, said.sig))) return said;
      if (!isLast) await learnRoots(place).catch(() => 0);
    }
  } catch (error) {
    /* Cut off, or not written as a signature. */
  }
  throw new Lie();
}

/* The claim of a page that is good; {} for any other file that is. */
async function judged(place, path, bytes, status, isPage) {
  const claim = isPage ? await signed(place, bytes) : null, isMissing = status === 404;
  if (claim && claim.path !== path && !(isMissing && claim.path.endsWith("/404.html"))) throw new Lie();
  const known = await (await caches.open(PAGES)).match(path);
  if (claim && !isMissing && !(known && claim.time < known.headers.get("x-time"))) return claim;
  const asking = isPrinted(place, path, isMissing ? null : await hash(bytes)).catch(error => {
    if (error instanceof Lie || error instanceof Old) throw error;
  });
  asking.catch(() => 0);
  const verdict = await Promise.race([asking, later(MANIFEST_WAIT)]);
  if (verdict === false) throw claim && !isMissing ? new Old() : new Lie();
  if (verdict === undefined && !claim && (place || isMissing)) throw new Error();
  return claim || {};
}

/* --- Where a page is looked for --- */

/* At the newsroom's own address, which is "" here. */
async function atOrigin(request, path) {
  const response = await fetch(request), isPage = (response.headers.get("content-type") || "").startsWith("text/html");
  if (response.type === "opaqueredirect" || (response.ok && +response.headers.get("content-length") > LARGEST_FILE))
    return { response };
  if (!response.ok && response.status !== 404) throw new Error();
  const bytes = new Uint8Array(await response.clone().arrayBuffer());
  const found = { response, bytes, isPage, path, status: response.status, place: "" };
  try {
    found.claim = await judged("", path, bytes, response.status, isPage);
    if (state.isOld) await newestAt("", true);
    state.isOld = false;
  } catch (error) {
    if (error instanceof Old) error.found = found;
    throw error;
  }
  return found;
}

async function atMirror(mirror, path, wait) {
  let fault = null;
  for (const at of [path.replace(/\/index\.html$/, "/"), path]) {
    try {
      const response = await fetch(mirror + encodeURI(at), asked(wait));
      if (!response.ok) throw new Error();
      const bytes = await bytesOf(response), type = response.headers.get("content-type") || "";
      const isPage = path.endsWith(".html");
      const claim = await judged(mirror, path, bytes, 200, isPage);
      return { bytes, isPage, path, claim, type, place: mirror, status: 200 };
    } catch (error) {
      fault = fault instanceof Lie ? fault : error;
      if (error instanceof Old) break;
    }
  }
  throw fault;
}

/* The first mirror, in the list's order, that has the page as it should be; one that is behind only if none is not. The
   next is asked when one has failed, or has not answered for a while. */
async function fromMirrors(path, reason) {
  const liars = [];
  let behind = null, isFound = false, turn = Promise.resolve();
  const ask = async mirror => {
    if (isFound) throw new Error();
    try {
      const found = await atMirror(mirror, path, PAPER.wait);
      const pointer = await newestAt(mirror, true).catch(error => {
        if (error instanceof Old) behind = behind || found;
        if (error instanceof Old || error instanceof Lie) throw error;
      });
      isFound = true;
      return { ...found, reason, liars, when: pointer ? pointer.published : found.claim.time };
    } catch (error) {
      if (error instanceof Lie) liars.push(mirror);
      throw error;
    }
  };
  const tries = state.mirrors.map(mirror => {
    const own = turn.then(() => ask(mirror));
    turn = turn.then(() => Promise.race([own.catch(() => 0), later(MANIFEST_WAIT)]));
    return own;
  });
  return Promise.any(tries).catch(() => {
    if (behind) return { ...behind, reason, liars, isBehind: true, when: behind.claim.time };
    throw Object.assign(new Error(), { liars });
  });
}

async function fromDevice(path, reason, liars) {
  const known = await (await caches.open(PAGES)).match(path);
  if (!known) throw Object.assign(new Error(), { liars });
  const bytes = new Uint8Array(await known.arrayBuffer());
  return { bytes, isPage: true, path, reason, liars, kept: known.headers.get("x-kept"), status: 200 };
}

const elsewhere = (path, reason) => fromMirrors(path, reason).catch(error => fromDevice(path, reason, error.liars));

/* --- The answer --- */

async function answer(request, url) {
  await load();
  const path = filePath(url.pathname);
  if (isTooOld()) return { response: await fetch(request) };
  const own = atOrigin(request, path);
  let fault = null, isHere = false;
  const isGivenUp = Promise.race([
    own.then(() => { isHere = true; }, error => { fault = error; }), later(PAPER.wait)
  ]);
  const reason = () => (fault instanceof Lie ? "lie" : fault instanceof Old ? "old" : "silent");
  const other = isGivenUp.then(() => (isHere ? own : elsewhere(path, reason())));
  try {
    return await Promise.any([own, other]);
  } catch (error) {
    if (fault instanceof Old) return { ...fault.found, reason: "old" };
    if (request.mode !== "navigate") throw fault;
    const liars = (await other.catch(one => one)).liars || [], spoken = languageOf(path);
    /* Of a language that was not read today none may be kept: any of them says more than the browser. */
    for (const { offline } of [spoken, ...PAPER.languages.filter(one => one !== spoken)]) {
      const kept = await fromDevice(offline + "index.html", reason(), liars).catch(() => null);
      if (kept) return kept;
    }
    throw fault;
  }
}

/* What the browser gets: the origin's own response where nothing has to be said. */
async function shown(found) {
  const { response, bytes, isPage, path } = found;
  if (response && (!isPage || !(found.reason || isLate(found) || isOffline(path)))) return response;
  const headers = new Headers(response ? response.headers : { "content-type": found.type || "text/html" });
  for (const name of ["content-encoding", "content-length", "etag"]) headers.delete(name);
  if (!response && state.policy) headers.set("content-security-policy", state.policy);
  if (!response) headers.set("cache-control", "no-store");
  if (!isPage) return new Response(bytes, { headers });
  headers.set("content-type", "text/html; charset=utf-8");
  let html = textOf(bytes);
  if (isOffline(path)) html = await listed(html, languageOf(path));
  const said = notice(found);
  if (said) html = html.replace(/<body[^>]*>/, body => body + said);
  return new Response(html, { status: found.status, headers });
}

/* --- What readers are told --- */

const escaped = text => text.replace(/[&<>\x22]/g, one => "&#" + one.charCodeAt(0) + ";");
const hostOf = address => "<bdi>" + escaped(new URL(address).host) + "</bdi>";
const isLate = found => found.place === "" && state.until && Date.parse(state.until) < Date.now();

function languageOf(path) {
  const fits = PAPER.languages.filter(one => path.startsWith(one.front));
  return fits.sort((one, other) => other.front.length - one.front.length)[0] || PAPER.languages[0];
}

function when(moment, { code }) {
  const options = moment.length > 10 ? { dateStyle: "long", timeStyle: "short" } : { dateStyle: "long", timeZone: "UTC" };
  const spoken = (code === "en" ? "en-GB" : code) + "-u-ca-gregory";
  /* A Russian year ends in a full stop of its own, and so would the sentence. */
  return new Intl.DateTimeFormat(spoken, options).format(new Date(moment)).replace(/\s\u0433\.$/, "");
}

function notice(found) {
  const language = languageOf(found.path), words = language.words, said = [];
  if (found.reason) said.push(words[found.reason]);
  if (found.liars && found.liars.length) said.push(words.refused.replace("{hosts}", found.liars.map(hostOf).join(", ")));
  if (found.kept && !isOffline(found.path)) said.push(words.kept.replace("{when}", when(found.kept, language)));
  if (found.place) said.push(words.mirror.replace("{host}", hostOf(found.place)).replace("{when}", when(found.when, language)));
  if (found.isBehind) said.push(words.behind);
  if (!said.length && isLate(found)) said.push(words.late.replace("{when}", when(state.published, language)));
  if (!said.length) return "";
  const link = isOffline(found.path) ? "" : " <a href=\"" + language.offline + "\">" + words.link + "</a>";
  return "<div role=status dir=" + language.dir + " style=\"padding:.7rem max(1rem,50vw - 36rem);background:var(--ink);color:var(--paper);font:1rem/1.5 system-ui,sans-serif\">"
    + said.join(" ") + link + "</div>";
}

/* --- What is kept --- */

const isOffline = path => PAPER.languages.some(one => path === one.offline + "index.html");
const isFurniture = path => PAPER.languages.some(one => path === one.front + "index.html") || isOffline(path);

function filePath(pathname) {
  const path = decodeURIComponent(pathname).normalize("NFC");
  return path.endsWith("/") ? path + "index.html" : path;
}

/* A page that was read, or a front: the day it was kept, no hour. */
async function keep(path, bytes, claim) {
  /* What a page of live coverage fetches is no page that was read. */
  if (path.endsWith("/live/new/index.html")) return;
  const isWanted = isFurniture(path) || (PAPER.keeps && !state.isOff && !PAPER.never.some(one => path.startsWith(one)));
  if (!isWanted || !claim || claim.path !== path || bytes.length > LARGEST_PAGE) return;
  const pages = await caches.open(PAGES), today = new Date().toISOString().slice(0, 10);
  await pages.delete(path);
  await pages.put(path, new Response(bytes, { headers: { "x-time": claim.time, "x-kept": today } }));
}

async function tidy() {
  const pages = await caches.open(PAGES), first = new Date(Date.now() - PAPER.days * DAY).toISOString().slice(0, 10);
  const read = (await pages.keys()).filter(one => !isFurniture(filePath(new URL(one.url).pathname)));
  for (const [at, one] of read.entries()) {
    const known = await pages.match(one);
    if (at < read.length - PAPER.most || !PAPER.keeps || known.headers.get("x-kept") < first) await pages.delete(one);
  }
}

/* The offline page, with what is kept in its place. */
async function listed(html, language) {
  const pages = await caches.open(PAGES), rows = [];
  for (const one of (await pages.keys()).reverse()) {
    const path = filePath(new URL(one.url).pathname), known = await pages.match(one);
    if (isOffline(path)) continue;
    const title = /<title>([^<]*)/.exec(await known.text());
    rows.push("<li><a href=\"" + encodeURI(path.replace(/\/index\.html$/, "/")) + "\">" + (title ? title[1] : escaped(path))
      + "</a> <span class=meta>" + when(known.headers.get("x-kept"), language) + "</span></li>");
  }
  const open = name => { html = html.replace("<div class=\"" + name + "\" hidden>", "<div class=\"" + name + "\">"); };
  html = html.replace("<div class=\"unknown\">", "<div class=\"unknown\" hidden>").replace("<!--kept-->", rows.join(""));
  open(rows.length ? "kept" : "nothing");
  if (PAPER.keeps) open(state.isOff ? "off" : "on");
  return html;
}

async function forget(request, url) {
  await load();
  const wish = (await request.formData()).get("do");
  if (wish !== "keep") for (const name of [PAGES, PARTS]) await caches.delete(name);
  state.isOff = wish === "stop" || (wish === "forget" && state.isOff);
  await remember();
  return Response.redirect(url.href, 303);
}

/* --- After the answer --- */

async function afterwards(found) {
  const { path, bytes, isPage, claim, place, reason } = found;
  if (reason === "lie") state.lied = state.lied || dayNow();
  if (place === undefined) return remember();
  if (!place && !reason) state.lied = 0;
  if (!place && isPage) state.policy = found.response.headers.get("content-security-policy") || state.policy;
  if (isPage && found.status === 200 && reason !== "old" && !found.isBehind) await keep(path, bytes, claim);
  if (found.status === 404 && !place) await (await caches.open(PAGES)).delete(path);
  if (isPage) await tidy();
  if (isPage && state.checked !== quarterNow()) {
    state.checked = quarterNow();
    await check(place, languageOf(path));
  }
  await remember();
}

/* How new the edition is that stands at a place; once a day the next root, the list of mirrors and the front. */
async function check(place, language) {
  try {
    const pointer = await newestAt(place, true);
    if (!place) Object.assign(state, { isOld: false, published: pointer.published, until: pointer.expires });
  } catch (error) {
    if (!place && error instanceof Old) state.isOld = true;
    if (error instanceof Old || error instanceof Lie) return;
  }
  if (state.day === dayNow()) return;
  await learnRoots(place);
  await readMirrors(place);
  state.day = dayNow();
  for (const path of [language.front, language.offline]) await refresh(place, path + "index.html");
}

async function readMirrors(place) {
  const bytes = await fileAt(place, "/mirrors.json"), digest = bytes ? await hash(bytes) : null;
  if (!(await isPrinted(place, "/mirrors.json", digest))) return;
  const rows = bytes ? JSON.parse(textOf(bytes)).mirrors : [];
  const rank = row => ["current", "unknown", "behind", "unreachable", "broken"].indexOf(row.state);
  const good = rows.filter(row => !row.retired && row.kind !== "onion" && new URL(row.address).origin !== location.origin);
  state.mirrors = good.sort((one, other) => rank(one) - rank(other)).map(row => row.address.replace(/\/$/, ""));
}

async function refresh(place, path, cache) {
  const bytes = await fileAt(place, path.replace(/index\.html$/, ""), PAPER.wait, cache);
  if (bytes) await keep(path, bytes, await judged(place, path, bytes, 200, true));
}

/* --- The browser's events --- */

addEventListener("install", () => skipWaiting());

addEventListener("activate", event => event.waitUntil((async () => {
  await clients.claim();
  await load();
  state.lied = 0;
  const open = await clients.matchAll({ type: "window" });
  for (const page of open) await refresh("", filePath(new URL(page.url).pathname), "force-cache").catch(() => 0);
  await check("", languageOf(open.length ? new URL(open[0].url).pathname : "/"));
  state.checked = quarterNow();
  await remember();
})().catch(() => 0)));

addEventListener("fetch", event => {
  const { request } = event, url = new URL(request.url);
  if (url.origin !== PAPER.origin || location.origin !== PAPER.origin) return;
  if (request.method === "POST" && PAPER.languages.some(one => url.pathname === one.offline))
    return event.respondWith(forget(request, url));
  if (request.method !== "GET" || request.headers.has("range") || url.pathname === "/worker.js") return;
  if (url.pathname.startsWith(WELL_KNOWN)) return;
  const found = answer(request, url);
  event.respondWith(found.then(shown).catch(() => fetch(request)));
  event.waitUntil(found.then(afterwards).catch(() => 0));
});
