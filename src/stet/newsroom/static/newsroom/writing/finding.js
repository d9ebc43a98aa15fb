/* Find and replace over the whole form. */
(() => {
  const writing = window.stetWriting;

  const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

  /* A blank finds any blank, a straight quote any quote, so that nobody has to know which one stands there. */
  const patternOf = ({ words, isCase, isWhole }) => {
    const loose = escaped(words).replace(/[ \u00a0\u202f]+/g, "[ \\u00a0\\u202f]+").replace(/'/g, "['’‘]").replace(/"/g, '["«»“”„]');
    const edge = "[\\p{L}\\p{M}\\p{N}_]";
    return new RegExp(isWhole ? `(?<!${edge})${loose}(?!${edge})` : loose, isCase ? "gu" : "giu");
  };

  writing.matches = (asked) => {
    if (!asked.words) return [];
    const pattern = patternOf(asked);
    return writing.places().flatMap((place) =>
      [...place.text.matchAll(pattern)].map((found) => ({ place, start: found.index, end: found.index + found[0].length })),
    );
  };

  writing.beginFinding = (panel) => {
    const { words } = writing.config();
    const field = (name) => panel.querySelector(`[data-stet-${name}]`);
    const context = field("context");
    let current = -1;
    const asked = () => ({ words: field("find").value, isCase: field("case").checked, isWhole: field("whole").checked });
    const matches = () => writing.matches(asked());
    const tell = (found) => {
      const place = (text) => text.replace("{place}", current + 1).replace("{all}", found.length);
      field("count").textContent = found.length ? place(words.place) : asked().words ? words.none : "";
      const here = found[current];
      context.hidden = !here;
      if (!here) return writing.unmark();
      context.replaceChildren(writing.made("strong", {}, here.place.label), " ", writing.made("bdi", {}, ...writing.context(here.place.text, here.start, here.end)));
      return writing.show(here.place, here.start, here.end);
    };
    const step = (by) => {
      const found = matches();
      current = found.length ? (Math.max(current, by > 0 ? -1 : 0) + by + found.length) % found.length : -1;
      tell(found);
    };
    const anew = () => {
      const found = matches();
      current = found.length ? 0 : -1;
      tell(found);
    };
    const edit = ({ start, end }) => [start, end, field("replace").value];
    const replace = () => {
      const found = matches();
      const here = found[Math.max(0, current)];
      if (!here) return tell(found);
      writing.change([{ place: here.place, edits: [edit(here)] }]);
      writing.say(words.replaced);
      const after = matches();
      /* What was put in may hold what is looked for: go on behind it. */
      const isSame = (one) => one.place.field === here.place.field && one.place.block === here.place.block && one.start < here.start + field("replace").value.length;
      const order = found.indexOf(here);
      current = after.length ? Math.min(order + (after[order] && isSame(after[order]) ? 1 : 0), after.length - 1) : -1;
      return tell(after);
    };
    const replaceAll = () => {
      const found = matches();
      const places = [...new Set(found.map(({ place }) => place))];
      if (!places.length) return tell(found);
      writing.change(places.map((place) => ({ place, edits: found.filter((one) => one.place === place).map(edit) })));
      writing.say(`${words.replaced} (${found.length})`);
      return anew();
    };
    ["find", "case", "whole"].forEach((name) => field(name).addEventListener("input", anew));
    field("find").addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      step(event.shiftKey ? -1 : 1);
    });
    field("replace").addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      if (event.ctrlKey || event.metaKey) replaceAll();
      else replace();
    });
    return { next: () => step(1), previous: () => step(-1), replace, "replace-all": replaceAll, anew };
  };
})();
