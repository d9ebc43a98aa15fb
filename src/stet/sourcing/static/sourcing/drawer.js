/* The drawer at the side of the screen: attach a claim, make one, look at a mark. The story stays where it is.

   It is a <dialog>: the browser keeps the keyboard inside, closes it with Escape and gives the focus back. What stands in
   it comes from the desk as HTML. */
(() => {
  const sourcing = (window.stetSourcing = window.stetSourcing || {});
  const LATER = 250;

  const later = (act) => {
    let waiting = 0;
    return (...given) => {
      window.clearTimeout(waiting);
      waiting = window.setTimeout(() => act(...given), LATER);
    };
  };

  const made = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
    element.append(...children);
    return element;
  };

  /* Open the drawer; resolves to what was chosen: {claim}, {act: "remove" | "right"}, or null. */
  sourcing.drawer = (page, values) =>
    new Promise((resolve) => {
      const { words } = sourcing.config();
      const body = made("div", { class: "stet-drawer-body" });
      const close = made("button", { type: "button", class: "stet-close", "aria-label": words.close }, "×");
      const title = made("h2", { id: "stet-drawer-title" }, words.claim);
      const said = made("p", { class: "stet-error", role: "alert", hidden: "" });
      const dialog = made(
        "dialog",
        { class: "stet-drawer", "aria-labelledby": "stet-drawer-title" },
        made("header", {}, title, close),
        said,
        body,
      );
      let result = null;
      const finish = (found) => {
        result = found;
        dialog.close();
      };
      const fail = (error) => {
        said.textContent = error.message;
        said.hidden = false;
      };
      const asked = async (act) => {
        said.hidden = true;
        try {
          await act();
        } catch (error) {
          fail(error);
        }
      };
      close.addEventListener("click", () => finish(null));
      dialog.addEventListener("click", (event) => {
        if (event.target === dialog) finish(null);
      });
      dialog.addEventListener("close", () => {
        dialog.remove();
        resolve(result);
      });
      document.body.append(dialog);
      dialog.showModal();

      const search = later((typed) =>
        asked(async () => {
          const answer = await sourcing.ask("find_claims", sourcing.fields({ words: typed }));
          const text = await answer.text();
          const found = body.querySelector("[data-stet-found]");
          if (!found) return;
          /* Who went on to the list by keyboard stays there when it is drawn anew. */
          const at = found.contains(document.activeElement) ? document.activeElement.dataset.stetAttach : null;
          found.innerHTML = text;
          if (at) (found.querySelector(`[data-stet-attach="${at}"]`) || body.querySelector("[data-stet-search]")).focus();
        }),
      );
      body.addEventListener("input", (event) => {
        if (event.target.matches("[data-stet-search]")) search(event.target.value);
      });
      body.addEventListener("click", (event) => {
        const attach = event.target.closest("[data-stet-attach]");
        const act = event.target.closest("[data-stet-do]");
        if (attach) finish({ claim: attach.dataset.stetAttach });
        if (act) finish({ act: act.dataset.stetDo });
      });
      body.addEventListener("submit", (event) => {
        event.preventDefault();
        const form = event.target;
        if (form.dataset.isSent) return;
        form.dataset.isSent = "yes";
        asked(async () => {
          const sent = new FormData(form);
          sent.append("language", sourcing.config().language);
          sent.append("words", values.words || "");
          try {
            const answer = await sourcing.ask("new_claim", sent);
            if (answer.status === 422) {
              const place = form.closest("[data-stet-new]");
              place.innerHTML = await answer.text();
              begin(place);
              const wrong = place.querySelector(".stet-wrong :is(input, textarea, select):not([type=hidden])");
              (wrong || place.querySelector("textarea")).focus();
            } else {
              finish({ claim: (await answer.json()).claim });
            }
          } finally {
            delete form.dataset.isSent;
          }
        });
      });
      asked(async () => {
        const answer = await sourcing.ask(page, sourcing.fields(values));
        body.innerHTML = await answer.text();
        begin(body);
        const first = body.querySelector("[data-stet-search], [data-stet-do], textarea");
        const wanted = values.offer ? body.querySelector("textarea") : first;
        if (wanted) wanted.focus();
      });
    });

  /* --- The form of a new claim --- */

  const begin = (place) => {
    const form = place.querySelector("[data-stet-form]");
    if (!form) return;
    form.querySelectorAll("[data-stet-combo]").forEach(combo);
    const kind = form.elements.namedItem("value_kind");
    const show = () =>
      form.querySelectorAll("[data-stet-kind]").forEach((field) => {
        if (field.dataset.stetKind) field.hidden = field.dataset.stetKind !== kind.value;
      });
    kind.addEventListener("change", show);
    show();
    links(form);
  };

  const links = (form) => {
    const list = form.querySelector("[data-stet-links]");
    const total = form.elements.namedItem("chain-TOTAL_FORMS");
    const most = Number(form.elements.namedItem("chain-MAX_NUM_FORMS").value);
    const add = form.querySelector("[data-stet-add]");
    const number = () => {
      [...list.children].forEach((item, place) => {
        item.querySelectorAll("[name]").forEach((field) => {
          field.name = field.name.replace(/^chain-\w+-/, `chain-${place}-`);
        });
        item.querySelector("[data-stet-up]").hidden = place === 0;
        item.querySelector("[data-stet-out]").hidden = list.children.length === 1;
      });
      total.value = list.children.length;
      add.hidden = list.children.length >= most;
    };
    let fresh = 0;
    add.addEventListener("click", () => {
      const spare = form.querySelector("[data-stet-spare]").content.firstElementChild.cloneNode(true);
      fresh += 1;
      spare.querySelectorAll("[id], [for]").forEach((element) => {
        ["id", "for"].forEach((name) => {
          const value = element.getAttribute(name);
          if (value) element.setAttribute(name, value.replace("__prefix__", `new${fresh}`));
        });
      });
      list.append(spare);
      spare.querySelectorAll("[data-stet-combo]").forEach(combo);
      number();
      spare.querySelector("[data-stet-typed]").focus();
    });
    list.addEventListener("click", (event) => {
      const item = event.target.closest("[data-stet-link]");
      if (event.target.closest("[data-stet-up]") && item.previousElementSibling) {
        list.insertBefore(item, item.previousElementSibling);
        item.querySelector("[data-stet-typed]").focus();
      } else if (event.target.closest("[data-stet-out]")) {
        const next = item.nextElementSibling || item.previousElementSibling;
        item.remove();
        if (next) next.querySelector("[data-stet-typed]").focus();
      }
      number();
    });
    number();
  };

  /* A field that finds what is there while one types. Typing on means: something new. */
  let combos = 0;
  const combo = (field) => {
    const typed = field.querySelector("[data-stet-typed]");
    const chosen = field.querySelector("input[type=hidden]");
    const list = field.querySelector("[data-stet-options]");
    const ifNew = (field.closest("[data-stet-link]") || field).querySelector("[data-stet-if-new]");
    combos += 1;
    list.id = `stet-options-${combos}`;
    typed.setAttribute("aria-controls", list.id);
    let active = -1;

    const showNew = () => {
      if (ifNew) ifNew.hidden = Boolean(chosen.value);
    };
    const fold = () => {
      list.hidden = true;
      active = -1;
      typed.setAttribute("aria-expanded", "false");
      typed.removeAttribute("aria-activedescendant");
    };
    const choose = (option) => {
      chosen.value = option.dataset.id;
      typed.value = option.dataset.name;
      showNew();
      fold();
    };
    const point = (number) => {
      const options = [...list.children];
      active = (number + options.length) % options.length;
      options.forEach((option, place) => option.setAttribute("aria-selected", String(place === active)));
      typed.setAttribute("aria-activedescendant", options[active].id);
      options[active].scrollIntoView({ block: "nearest" });
    };
    const find = later(async () => {
      const text = typed.value.trim();
      let options = [];
      if (text) {
        try {
          const answer = await sourcing.ask(field.dataset.stetCombo, sourcing.fields({ words: text }));
          options = (await answer.json()).options;
        } catch {
          options = [];
        }
      }
      if (typed.value.trim() !== text) return;
      list.replaceChildren(
        ...options.map((option, number) => {
          const name = made("bdi", {}, option.name);
          const item = made("li", { role: "option", id: `${list.id}-${number}`, "aria-selected": "false" }, name);
          if (option.role) item.append(", ", made("bdi", {}, option.role));
          item.dataset.id = option.id;
          item.dataset.name = option.name;
          return item;
        }),
      );
      active = -1;
      list.hidden = !options.length || document.activeElement !== typed;
      typed.setAttribute("aria-expanded", String(!list.hidden));
    });
    typed.addEventListener("input", () => {
      chosen.value = "";
      showNew();
      find();
    });
    typed.addEventListener("keydown", (event) => {
      if (list.hidden) return;
      if (event.key === "ArrowDown") point(active + 1);
      else if (event.key === "ArrowUp") point(active < 0 ? -1 : active - 1);
      else if (event.key === "Enter" && active >= 0) choose(list.children[active]);
      else if (event.key === "Escape") fold();
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    typed.addEventListener("blur", fold);
    list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[role=option]");
      if (option) choose(option);
    });
    showNew();
  };
})();
