/* Suggested words: a comment of Wagtail's on selected words that begins with "=>" names the words to stand there instead. */
(() => {
  const writing = window.stetWriting;
  const SIGN = /^\s*(?:=>|⇒|→)\s*/;

  const comments = () => {
    const app = window.comments && window.comments.commentApp;
    return app ? [...app.store.getState().comments.comments.values()] : [];
  };

  /* The words that a comment lies on: [{place, start, end}]; in Draft.js they carry its name as a style. */
  const wordsOf = (comment) =>
    writing.places().filter(({ block }) => block !== null).flatMap((place) => {
      const block = place.field.draftailEditor.getEditorState().getCurrentContent().getBlockForKey(place.block);
      const found = [];
      block.findStyleRanges(
        (letter) => letter.hasStyle(`COMMENT-${comment.localId}`),
        (start, end) => found.push({ place, start, end }),
      );
      return found;
    });

  writing.suggestions = () =>
    comments()
      .filter((comment) => !comment.deleted && !comment.resolved && SIGN.test(comment.text || ""))
      .map((comment) => ({ comment, instead: comment.text.replace(SIGN, ""), words: wordsOf(comment) }));

  const author = ({ comment }) => (comment.author && comment.author.name) || "";

  writing.suggested = (panel) => {
    const { words } = writing.config();
    const list = panel.querySelector("[data-stet-suggested]");
    const found = writing.suggestions();
    const told = JSON.stringify(found.map((one) => [one.comment.localId, one.comment.text, one.words.map(({ place, start, end }) => [place.text, start, end])]));
    if (list.dataset.told === told) return;
    list.dataset.told = told;
    list.replaceChildren(
      ...found.map((one) => {
        const [first, ...more] = one.words;
        if (!first || more.length) return writing.made("li", {}, writing.made("bdi", {}, one.instead), ` · ${words.gone}`);
        const shown = writing.made("bdi", {}, ...writing.context(first.place.text, first.start, first.end, one.instead));
        const go = writing.made("button", { type: "button", class: "stet-link", title: words.go }, shown);
        const take = writing.made("button", { type: "button", class: "button button-small button-secondary" }, words.apply);
        go.addEventListener("click", () => writing.show(first.place, first.start, first.end));
        take.addEventListener("click", () => {
          writing.change([{ place: first.place, edits: [[first.start, first.end, one.instead]] }]);
          writing.say(words.applied);
          list.dataset.told = "";
          writing.suggested(panel);
        });
        return writing.made("li", {}, writing.made("small", {}, author(one)), go, take);
      }),
    );
    list.hidden = !found.length;
    const counter = document.querySelector('[data-side-panel-toggle="writing"] [data-side-panel-toggle-counter]');
    if (counter) {
      counter.textContent = found.length;
      counter.hidden = !found.length;
    }
  };
})();
