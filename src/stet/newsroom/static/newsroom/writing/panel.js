/* The panel "Writing": keys, buttons, and counting while one writes. */
(() => {
  const writing = window.stetWriting;
  const PAUSE = 400;

  const begin = () => {
    const panel = document.querySelector("[data-stet-writing]");
    if (!panel) return;
    const toggle = document.querySelector('[data-side-panel-toggle="writing"]');
    const undo = panel.querySelector('[data-stet-do="undo"]');
    const { words } = writing.config();
    const finding = writing.beginFinding(panel);
    const acts = {
      ...finding,
      ...writing.beginMending(panel),
      undo: () => {
        writing.say(writing.undo() ? words.undone : words.stays);
        finding.anew();
      },
    };
    const isOpen = () => panel.getClientRects().length > 0;
    const frame = () => new Promise((resolve) => window.requestAnimationFrame(resolve));
    /* Open the panel and put the keyboard there; Wagtail shows it a moment later. */
    const open = async (field) => {
      if (!isOpen()) toggle.click();
      for (let tries = 0; tries < 200 && document.activeElement !== field; tries += 1) {
        field.focus();
        if (document.activeElement !== field) await frame();
      }
    };
    const tried = async (act) => {
      try {
        await act();
      } catch (error) {
        writing.say(error.message);
      }
      writing.changed();
    };
    writing.changed = () => {
      undo.hidden = !writing.canUndo();
    };

    panel.addEventListener("click", (event) => {
      const button = event.target.closest("[data-stet-do], [data-stet-weigh]");
      if (!button) return;
      tried(button.dataset.stetDo ? acts[button.dataset.stetDo] : () => writing.weigh(panel));
    });

    /* By the place of the key, so that a Russian or Persian keyboard does the same. */
    document.addEventListener("keydown", (event) => {
      if (!(event.ctrlKey || event.metaKey) || !event.shiftKey || event.altKey) return;
      if (event.code === "KeyF") {
        event.preventDefault();
        const chosen = String(window.getSelection()).trim();
        const find = panel.querySelector("[data-stet-find]");
        if (chosen && chosen.length < 100 && !chosen.includes("\n")) find.value = chosen;
        open(find).then(() => {
          find.select();
          finding.anew();
        });
      } else if (event.code === "Quote") {
        event.preventDefault();
        const look = panel.querySelector('[data-stet-do="look"]');
        open(look).then(async () => {
          await tried(acts.look);
          (panel.querySelector('[data-stet-do="mend-all"]:not([hidden])') || look).focus();
        });
      }
    });

    let waiting = 0;
    const soon = () => {
      window.clearTimeout(waiting);
      waiting = window.setTimeout(() => {
        writing.count(panel);
        writing.suggested(panel);
      }, PAUSE);
    };
    /* Draftail writes into a hidden field, which sends no event. */
    new MutationObserver(soon).observe(document.querySelector("[data-edit-form]"), { subtree: true, childList: true, attributes: true, attributeFilter: ["value"] });
    document.addEventListener("input", soon);
    if (window.comments && window.comments.commentApp) window.comments.commentApp.store.subscribe(soon);
    toggle.addEventListener("click", soon);
    soon();
    writing.beginOffline();
  };

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
