/* The sourcing panel: asks the desk about the text as it stands, lists its claims, and carries out what is pressed. */
(() => {
  const sourcing = (window.stetSourcing = window.stetSourcing || {});
  const PAUSE = 700;

  const begin = () => {
    const panel = document.querySelector("[data-stet-sourcing]");
    if (!panel) return;
    document.body.classList.add("stet-has-sourcing");
    const list = panel.querySelector("[data-stet-story]");
    const offers = panel.querySelector("[data-stet-offers]");
    const config = sourcing.config();
    const numbers = (text) => text.split(" ").map(Number);
    const posted = (more) => ({
      page: sourcing.page(),
      language: config.language,
      texts: sourcing.texts(),
      taken_off: sourcing.namesTakenOff(),
      ...more,
    });

    /* --- The list --- */

    let asked = 0;
    const refresh = async () => {
      asked += 1;
      const mine = asked;
      let told = null;
      try {
        told = await (await sourcing.ask("story", posted())).json();
      } catch (error) {
        sourcing.say(error.message);
        return;
      }
      if (mine !== asked) return;
      const focused = list.contains(document.activeElement) ? [...list.querySelectorAll("button, a")].indexOf(document.activeElement) : -1;
      list.innerHTML = told.html;
      if (focused >= 0) {
        const again = list.querySelectorAll("button, a");
        if (again.length) again[Math.min(focused, again.length - 1)].focus();
      }
      sourcing.states = told.marks;
      sourcing.sentences = told.claims;
      count(told.gaps);
      show();
    };
    const count = (gaps) => {
      const counter = document.querySelector('[data-side-panel-toggle="sourcing"] [data-side-panel-toggle-counter]');
      if (!counter) return;
      counter.textContent = gaps;
      counter.hidden = !gaps;
    };
    /* What the desk says of a mark, shown on its words. */
    const show = () =>
      document.querySelectorAll("[data-stet-mark]").forEach((words) => {
        const state = sourcing.states[words.dataset.stetMark];
        const sentence = sourcing.sentences[words.dataset.stetClaim];
        if (state) words.dataset.stetState = state;
        if (sentence) words.title = `${sentence} · ${config.words[words.dataset.stetState] || ""}`;
      });

    let waiting = 0;
    const soon = () => {
      window.clearTimeout(waiting);
      waiting = window.setTimeout(refresh, PAUSE);
    };
    const form = document.querySelector("[data-edit-form]") || document.body;
    new MutationObserver((changes) => {
      const isText = (change) =>
        change.type === "attributes"
          ? change.target.matches('[data-contentpath="body"] input[type="hidden"]')
          : [...change.addedNodes].some((node) => node.querySelector && node.querySelector("[data-draftail-editor-wrapper]"));
      if (changes.some(isText)) soon();
    }).observe(form, { subtree: true, childList: true, attributes: true, attributeFilter: ["value"] });

    const put = (found, state, text) => {
      sourcing.put(found.input, state);
      sourcing.say(text);
      soon();
    };
    const chosen = async (found, options) => {
      const state = sourcing.stateOf(found.input);
      const obstacle = sourcing.obstacle(state, found.ranges);
      if (obstacle) {
        sourcing.say(config.words[obstacle]);
        return false;
      }
      const answer = await sourcing.drawer("words", { words: sourcing.wordsOf(found.ranges), ...options });
      if (!answer) return false;
      put(found, sourcing.marked(sourcing.stateOf(found.input), found.ranges, answer.claim), config.words.saved);
      return true;
    };

    panel.addEventListener("click", async (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      const { stetGo, stetRight, stetAgain, stetSeen } = button.dataset;
      if (stetGo) {
        const found = sourcing.at(numbers(stetGo));
        /* On a phone the panel covers the text. */
        const covers = panel.getBoundingClientRect().width > window.innerWidth * 0.7;
        if (found && covers) document.querySelector("[data-form-side-close-button]").click();
        if (found) sourcing.go(found);
      } else if (stetRight) {
        sourcing.named(stetRight).slice(0, 1).forEach((found) => {
          const state = sourcing.marked(sourcing.stateOf(found.input), found.ranges, found.data.id, stetRight);
          put(found, state, config.words.saved);
        });
      } else if (stetAgain) {
        const [mark, claim, ...place] = stetAgain.split(" ");
        const found = sourcing.at(place.map(Number));
        if (found) put(found, sourcing.marked(sourcing.stateOf(found.input), found.ranges, claim, mark), config.words.again);
      } else if (stetSeen) {
        sourcing.tookOff(stetSeen);
        try {
          await sourcing.ask("seen", sourcing.fields({ page: sourcing.page(), mark: stetSeen }));
          await refresh();
        } catch (error) {
          sourcing.say(error.message);
        }
      }
    });

    /* --- Offers --- */

    const ASIDE = () => `stet-aside-${sourcing.page() || "new"}`;
    const aside = () => {
      try {
        return JSON.parse(localStorage.getItem(ASIDE())) || [];
      } catch {
        return [];
      }
    };
    /* Only digests are kept, in this browser. */
    const putAside = (key) => {
      try {
        localStorage.setItem(ASIDE(), JSON.stringify([...aside(), key].slice(-1000)));
      } catch {
        /* They come again with the next press, that is all. */
      }
    };
    const items = () => [...offers.querySelectorAll("[data-stet-offer]")];
    const focus = (item) => {
      if (!item) return;
      items().forEach((one) => one.setAttribute("tabindex", "-1"));
      item.setAttribute("tabindex", "0");
      item.focus();
      item.scrollIntoView({ block: "nearest" });
      const found = sourcing.at(numbers(item.dataset.stetAt));
      if (found) {
        const line = document.querySelector(`[data-offset-key="${found.ranges[0].block.getKey()}-0-0"]`);
        if (line) line.scrollIntoView({ block: "nearest" });
      }
    };
    const drop = (item) => {
      const next = item.nextElementSibling || item.previousElementSibling;
      item.remove();
      if (next) focus(next);
      else panel.querySelector("[data-stet-suggest]").focus();
    };
    const suggest = async () => {
      try {
        const answer = await sourcing.ask("suggest", posted({ dismissed: aside() }));
        offers.innerHTML = await answer.text();
        focus(items()[0]);
      } catch (error) {
        sourcing.say(error.message);
      }
    };
    const accept = async (item) => {
      const found = sourcing.at(numbers(item.dataset.stetAt));
      const offer = JSON.parse(item.dataset.stetOffer);
      const here = found && sourcing.wordsOf(found.ranges);
      if (here !== sourcing.fold(offer.words)) {
        await suggest();
        return;
      }
      if (await chosen(found, { offer: item.dataset.stetOffer })) drop(item);
      else item.focus();
    };
    const dismiss = (item) => {
      putAside(item.dataset.stetKey);
      sourcing.say(config.words.aside);
      drop(item);
    };
    panel.querySelector("[data-stet-suggest]").addEventListener("click", suggest);
    offers.addEventListener("click", (event) => {
      const item = event.target.closest("[data-stet-offer]");
      if (event.target.closest("[data-stet-accept]")) accept(item);
      else if (event.target.closest("[data-stet-aside]")) dismiss(item);
    });
    /* By place on the keyboard, so that they work whatever language is typed. */
    offers.addEventListener("keydown", (event) => {
      const item = event.target.closest("[data-stet-offer]");
      if (!item || event.ctrlKey || event.metaKey || event.altKey) return;
      const all = items();
      const here = all.indexOf(item);
      if (event.code === "KeyJ") focus(all[Math.min(here + 1, all.length - 1)]);
      else if (event.code === "KeyK") focus(all[Math.max(here - 1, 0)]);
      else if (event.code === "KeyA") accept(item);
      else if (event.code === "KeyD") dismiss(item);
      else return;
      event.preventDefault();
    });

    refresh();
  };

  if (document.readyState === "complete") begin();
  else window.addEventListener("load", begin);
})();
