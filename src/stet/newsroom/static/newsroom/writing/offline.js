/* What an editor writes while the desk does not answer: kept in this browser, sealed with a key that comes with the form.

   A copy is there only while words have not reached the desk; the first save that succeeds removes it. It is brought back as
   a new version of the page, beside what others saved meanwhile; nothing is overwritten unseen. */
(() => {
  const writing = window.stetWriting;
  const PAUSE = 1000;
  const NOT_KEPT = new Set(["csrfmiddlewaretoken", "loaded_revision_id", "loaded_revision_created_at", "overwrite_revision_id", "next"]);
  const bytesOf = (text) => Uint8Array.from(window.atob(text), (sign) => sign.charCodeAt(0));
  const textOf = (bytes) => window.btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));

  writing.beginOffline = () => {
    const { key, form: kind, words } = writing.config();
    const form = document.querySelector("[data-edit-form]");
    if (!key || !form || form.id !== "page-edit-form") return;
    const canKeep = Boolean(window.crypto && window.crypto.subtle);
    const sealing = () => crypto.subtle.importKey("raw", bytesOf(key), "AES-GCM", false, ["encrypt", "decrypt"]);
    /* The name says neither whose copy it is nor of which story: only who has the key finds it. */
    const nameOf = async () => {
      const page = window.location.pathname.match(/\/pages\/(\d+)\//);
      const named = new TextEncoder().encode(`${key}|${page ? page[1] : kind}`);
      return `stet-copy-${textOf(new Uint8Array(await crypto.subtle.digest("SHA-256", named))).slice(0, 22)}`;
    };

    const entries = () =>
      [...new FormData(form).entries()].filter(([name, value]) => typeof value === "string" && !NOT_KEPT.has(name));

    const keep = async () => {
      if (!isAway) return;
      try {
        if (!canKeep) throw new Error();
        const iv = crypto.getRandomValues(new Uint8Array(12));
        const said = new TextEncoder().encode(JSON.stringify({ time: Date.now(), action: form.action, entries: entries() }));
        const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await sealing(), said));
        if (isAway) localStorage.setItem(await nameOf(), `${textOf(iv)}.${textOf(sealed)}`);
        tell(words.kept);
      } catch {
        tell(words.unkept);
      }
    };

    const read = async () => {
      const stored = localStorage.getItem(await nameOf());
      if (!stored) return null;
      const [iv, sealed] = stored.split(".").map(bytesOf);
      const said = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, await sealing(), sealed);
      return JSON.parse(new TextDecoder().decode(said));
    };

    const forget = async () => {
      if (canKeep) localStorage.removeItem(await nameOf());
    };

    /* --- Saying so --- */

    let bar = null;
    const tell = (text, ...buttons) => {
      if (bar) bar.remove();
      bar = null;
      if (!text) return;
      bar = writing.made("div", { class: "stet-kept help-block help-warning", role: "status" }, writing.made("p", {}, text), ...buttons);
      form.before(bar);
    };

    const button = (text, act) => {
      const one = writing.made("button", { type: "button", class: "button button-small button-secondary" }, text);
      one.addEventListener("click", act);
      return one;
    };

    const bring = async (copy) => {
      const sent = new FormData();
      copy.entries.forEach(([name, value]) => sent.append(name, value));
      NOT_KEPT.forEach((name) => {
        const field = form.elements.namedItem(name);
        if (field) sent.set(name, field.value);
      });
      try {
        const answer = await fetch(copy.action, { method: "POST", body: sent, credentials: "same-origin", headers: { Accept: "text/html" } });
        if (!answer.ok || !answer.redirected || /\/login\//.test(answer.url)) throw new Error();
        await forget();
        /* What stands in the form now is what was there before. */
        form.setAttribute("data-w-unsaved-confirmation-value", "false");
        window.location.assign(answer.url);
      } catch {
        tell(words.backFailed, ...offers(copy));
      }
    };

    const offers = (copy) => [
      button(words.back, () => bring(copy)),
      button(words.away, async () => {
        await forget();
        tell("");
      }),
    ];

    const offer = async () => {
      try {
        const copy = await read();
        if (!copy) return;
        const time = new Date(copy.time).toLocaleString(document.documentElement.lang || undefined, { dateStyle: "medium", timeStyle: "short" });
        tell(words.found.replace("{time}", time), ...offers(copy));
      } catch {
        tell(words.broken, button(words.away, async () => { await forget(); tell(""); }));
      }
    };

    /* --- When --- */

    let isAway = false;
    let waiting = 0;
    const soon = () => {
      window.clearTimeout(waiting);
      if (isAway) waiting = window.setTimeout(keep, PAUSE);
    };
    const away = () => {
      isAway = true;
      soon();
    };
    document.addEventListener("w-autosave:error", (event) => {
      /* What is refused is answered: what is wrong in the form is said by Wagtail. */
      if (["network_error", "server_error"].includes((event.detail || {}).type)) away();
    });
    document.addEventListener("w-autosave:success", async () => {
      window.clearTimeout(waiting);
      if (isAway) tell("");
      isAway = false;
      await forget();
    });
    const isChanged = () => Boolean(form.dataset.stetChanged);
    document.addEventListener("w-unsaved:add", () => {
      form.dataset.stetChanged = "yes";
      if (!navigator.onLine) away();
      soon();
    });
    document.addEventListener("w-unsaved:clear", () => delete form.dataset.stetChanged);
    window.addEventListener("offline", () => {
      if (isChanged()) away();
    });
    /* Wagtail tries a few times; when the line is back, once more. */
    window.addEventListener("online", () => {
      if (isAway) form.dispatchEvent(new CustomEvent("w-unsaved:add", { bubbles: true, cancelable: true, detail: {} }));
    });
    /* A save by the button leaves this page: the next one says whether it came to something. */
    form.addEventListener("submit", async () => {
      if (isAway) sessionStorage.setItem("stet-sent", await nameOf());
    });
    const wasSaved = async () => {
      const sent = sessionStorage.getItem("stet-sent");
      sessionStorage.removeItem("stet-sent");
      return sent === (await nameOf()) && Boolean(document.querySelector(".messages .success"));
    };
    const arrive = async () => {
      if (await wasSaved()) await forget();
      else await offer();
    };
    if (canKeep) arrive();
  };
})();
