/* How long a text is, and what its pages weigh as they would be printed. */
(() => {
  const writing = window.stetWriting;
  const WORD = /[\p{L}\p{N}][\p{L}\p{M}\p{N}’'\u200c-]*/gu;
  /* What stands on the page as running text: the standfirst and the body. */
  const isBody = ({ field }) => field.name === "standfirst" || field.name === "intro" || /^body-/.test(field.name);

  writing.wordsIn = (text) => (text.match(WORD) || []).length;

  writing.count = (panel) => {
    const { wordsAMinute, longHeadline, words } = writing.config();
    const number = writing.places().filter(isBody).reduce((sum, { text }) => sum + writing.wordsIn(text), 0);
    const title = document.querySelector("[data-edit-form] [name=title]");
    const length = title ? [...title.value.trim()].length : 0;
    const put = (name, value) => {
      const place = panel.querySelector(`[data-stet-${name}]`);
      if (place.textContent !== value) place.textContent = value;
    };
    const told = (value) => value.toLocaleString(document.documentElement.lang || undefined);
    put("words", told(number));
    put("minutes", told(number ? Math.max(1, Math.round(number / wordsAMinute)) : 0));
    put("headline", length > longHeadline ? `${told(length)}: ${words.long}` : told(length));
  };

  /* Has the press weigh the form as it stands, by the preview's own way. */
  writing.weigh = async (panel) => {
    const { preview, weigh, words } = writing.config();
    const place = panel.querySelector("[data-stet-weights]");
    const sent = await writing.ask(preview, { method: "POST", body: new FormData(document.querySelector("[data-edit-form]")) });
    if (!(await sent.json()).is_valid) {
      place.textContent = words.invalid;
      return;
    }
    const answer = await writing.ask(weigh, { method: "GET" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const pages = [...page.querySelectorAll("meter")].map((meter) => meter.closest("label"));
    const after = [...page.querySelectorAll("ol ~ p")].map((sentence) => writing.made("p", {}, sentence.textContent.trim()));
    place.replaceChildren(...pages.map((label) => document.importNode(label, true)), ...after);
  };
})();
