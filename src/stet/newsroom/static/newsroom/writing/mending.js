/* Quotes and spaces: the desk says what there is to mend, the panel shows it, an editor presses. */
(() => {
  const writing = window.stetWriting;
  const MOST_SHOWN = 200;

  writing.beginMending = (panel) => {
    const { words, mend, language } = writing.config();
    const list = panel.querySelector("[data-stet-list]");
    const all = panel.querySelector('[data-stet-do="mend-all"]');
    const number = panel.querySelector("[data-stet-mends]");

    const ask = async () => {
      const places = writing.places().filter(({ text }) => text.trim());
      const paragraphs = places.map(({ text, frozen }) => ({ text, frozen }));
      const answer = await writing.ask(mend, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ language, paragraphs }),
      });
      const { edits } = await answer.json();
      return places.map((place, order) => ({ place, edits: edits[order] })).filter((one) => one.edits.length);
    };

    /* The edits that still fit: the words are those that were looked at. */
    const isFresh = ({ place }) =>
      writing.places().some((now) => now.field === place.field && now.block === place.block && now.text === place.text);

    const item = (found, edit) => {
      const [start, end, instead] = edit;
      const words_ = writing.made("bdi", {}, ...writing.context(found.place.text, start, end, instead));
      const go = writing.made("button", { type: "button", class: "stet-link", title: words.go }, words_);
      const one = writing.made("button", { type: "button", class: "button button-small button-secondary" }, words.one);
      go.addEventListener("click", () => writing.show(found.place, start, end));
      one.addEventListener("click", async () => {
        if (isFresh(found)) writing.change([{ place: found.place, edits: [edit] }]);
        writing.say(words.mended);
        await look();
        (list.querySelector("button") || panel.querySelector('[data-stet-do="look"]')).focus();
      });
      return writing.made("li", {}, go, one);
    };

    const show = (found) => {
      const count = found.reduce((sum, { edits }) => sum + edits.length, 0);
      list.replaceChildren(...found.flatMap((one) => one.edits.map((edit) => [one, edit])).slice(0, MOST_SHOWN).map(([one, edit]) => item(one, edit)));
      list.hidden = !count;
      all.hidden = !count;
      number.textContent = count || "";
      return count;
    };

    const look = async () => show(await ask());

    return {
      look: async () => {
        if (!(await look())) writing.say(words.nothing);
      },
      "mend-all": async () => {
        const found = await ask();
        writing.change(found);
        show([]);
        writing.say(`${words.mended} (${found.reduce((sum, { edits }) => sum + edits.length, 0)})`);
      },
    };
  };
})();
