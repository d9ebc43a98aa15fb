/* The story's text in the form: reading it with its marks, and putting marks on and taking them off.

   A mark is an entity CLAIM of Draft.js: {id, mark, exact, prefix, suffix}. Only what an editor presses changes one. */
(() => {
  const sourcing = (window.stetSourcing = window.stetSourcing || {});
  const ENTITY = "CLAIM";
  const AROUND = 32;

  const fold = (text) => text.replace(/[ \t\n\f\r]+/g, " ").replace(/^ | $/g, "");

  /* The desk's address, words and the story's language; null where the page has no sourcing. */
  sourcing.config = () => {
    const element = document.getElementById("stet-sourcing-config");
    return element ? JSON.parse(element.textContent) : null;
  };

  /* A story that was saved by itself has its number in the address. */
  sourcing.page = () => {
    const found = window.location.pathname.match(/\/pages\/(\d+)\//);
    return found ? Number(found[1]) : null;
  };

  const isDeleted = (input) => {
    const parts = input.name.split("-");
    return parts.some((_part, length) => {
      const name = `${parts.slice(0, length + 1).join("-")}-deleted`;
      const field = input.form && input.form.elements.namedItem(name);
      return field && field.value === "1";
    });
  };

  /* All rich text of the story's body, in order. */
  sourcing.inputs = () =>
    [...document.querySelectorAll('[data-contentpath="body"] input[type="hidden"]')].filter(
      (input) => input.draftailEditor && !isDeleted(input),
    );

  const stateOf = (input) => input.draftailEditor.getEditorState();
  const linesOf = (input) => stateOf(input).getCurrentContent().getBlocksAsArray();

  const markAt = (content, block, offset) => {
    const key = block.getEntityAt(offset);
    const entity = key ? content.getEntity(key) : null;
    return entity && entity.getType() === ENTITY ? entity : null;
  };

  const stretchesOf = (content, block) => {
    const text = block.getText();
    const found = [];
    block.findEntityRanges(
      () => true,
      (start, end) => {
        const entity = markAt(content, block, start);
        found.push([text.slice(start, end), entity ? entity.getData() : null]);
      },
    );
    return found;
  };

  /* What is sent to the desk: rich texts → paragraphs → stretches [words, mark or null]. */
  sourcing.texts = () =>
    sourcing.inputs().map((input) => {
      const content = stateOf(input).getCurrentContent();
      return linesOf(input).map((block) => stretchesOf(content, block));
    });

  sourcing.newName = () =>
    [...crypto.getRandomValues(new Uint8Array(12))].map((one) => (one % 36).toString(36)).join("");

  /* Ranges: [{block, start, end}] in the order of the text. */
  const selected = (state) => {
    const selection = state.getSelection();
    const blocks = state.getCurrentContent().getBlocksAsArray();
    const first = blocks.findIndex((block) => block.getKey() === selection.getStartKey());
    const last = blocks.findIndex((block) => block.getKey() === selection.getEndKey());
    const ranges = blocks.slice(first, last + 1).map((block, number) => {
      const text = block.getText();
      let start = number === 0 ? selection.getStartOffset() : 0;
      let end = first + number === last ? selection.getEndOffset() : text.length;
      while (start < end && /\s/.test(text[start])) start += 1;
      while (end > start && /\s/.test(text[end - 1])) end -= 1;
      return { block, start, end };
    });
    return ranges.filter((range) => range.start < range.end);
  };

  /* The pieces of one mark that stand together, around a place. A mark over two paragraphs is two entities once it was
     stored; a copy elsewhere may be the same one. */
  const rangesOfEntity = (content, entityKey, blockKey, offset) => {
    const runs = [];
    const wanted = content.getEntity(entityKey).getData();
    const isOfMark = (letter) => {
      const key = letter.getEntity();
      const data = key && content.getEntity(key).getType() === ENTITY ? content.getEntity(key).getData() : null;
      return Boolean(data) && ["mark", "id", "exact"].every((name) => String(data[name]) === String(wanted[name]));
    };
    content.getBlocksAsArray().forEach((block, number) => {
      block.findEntityRanges(
        isOfMark,
        (start, end) => {
          const last = runs[runs.length - 1];
          const range = { block, start, end, number };
          const before = last && last[last.length - 1];
          const isBeside = before && before.number === number && before.end === start;
          const isNext =
            before &&
            before.number === number - 1 &&
            !before.block.getText().slice(before.end).trim() &&
            !block.getText().slice(0, start).trim();
          if (isBeside || isNext) last.push(range);
          else runs.push([range]);
        },
      );
    });
    const isHere = (range) =>
      range.block.getKey() === blockKey && (offset === undefined || (range.start <= offset && offset <= range.end));
    return runs.find((run) => run.some(isHere)) || runs[0] || [];
  };

  const wordsOf = (ranges) =>
    fold(ranges.map(({ block, start, end }) => block.getText().slice(start, end)).join(" "));

  const letters = (text) => Array.from(text);
  const quoteOf = (ranges) => {
    const first = ranges[0];
    const last = ranges[ranges.length - 1];
    return {
      exact: wordsOf(ranges),
      prefix: letters(first.block.getText().slice(0, first.start)).slice(-AROUND).join(""),
      suffix: letters(last.block.getText().slice(last.end)).slice(0, AROUND).join(""),
    };
  };

  const selectionOf = ({ block, start, end }) =>
    window.DraftJS.SelectionState.createEmpty(block.getKey()).merge({ anchorOffset: start, focusOffset: end });

  /* The state with a mark on the ranges; without data, with none. */
  const changed = (state, ranges, data) => {
    const { EditorState, Modifier } = window.DraftJS;
    let content = state.getCurrentContent();
    let key = null;
    if (data) {
      content = content.createEntity(ENTITY, "MUTABLE", data);
      key = content.getLastCreatedEntityKey();
    }
    ranges.forEach((range) => {
      content = Modifier.applyEntity(content, selectionOf(range), key);
    });
    const pushed = EditorState.push(state, content, "apply-entity");
    const last = ranges[ranges.length - 1];
    const after = selectionOf({ ...last, start: last.end });
    return EditorState.acceptSelection(pushed, after);
  };

  /* A mark of `claim` on the ranges, with the quote of what stands there now. */
  sourcing.marked = (state, ranges, claim, name) =>
    changed(state, ranges, { id: String(claim), mark: name || sourcing.newName(), ...quoteOf(ranges) });

  sourcing.unmarked = (state, ranges) => changed(state, ranges, null);

  /* What keeps these ranges from being marked: "nothing", "link", "marked", or null. */
  sourcing.obstacle = (state, ranges) => {
    if (!ranges.length) return "nothing";
    const content = state.getCurrentContent();
    let found = null;
    ranges.forEach(({ block, start, end }) => {
      for (let offset = start; offset < end; offset += 1) {
        if (markAt(content, block, offset)) found = found || "marked";
        else if (block.getEntityAt(offset)) found = found || "link";
      }
    });
    return found;
  };

  sourcing.selected = selected;
  sourcing.rangesOfEntity = rangesOfEntity;
  sourcing.wordsOf = wordsOf;
  sourcing.fold = fold;

  /* A place as the desk tells it: "text line start end". */
  sourcing.at = (place) => {
    const [text, line, start, end] = place;
    const input = sourcing.inputs()[text];
    const block = input && linesOf(input)[line];
    return block ? { input, ranges: [{ block, start, end }] } : null;
  };

  /* Marks of that name: [{input, ranges, data}]. */
  sourcing.named = (name) => {
    const found = [];
    sourcing.inputs().forEach((input) => {
      const content = stateOf(input).getCurrentContent();
      const seen = new Set();
      linesOf(input).forEach((block) => {
        block.findEntityRanges(
          (letter) => Boolean(letter.getEntity()),
          (start) => {
            const key = block.getEntityAt(start);
            const entity = markAt(content, block, start);
            if (!entity || entity.getData().mark !== name || seen.has(key)) return;
            seen.add(key);
            found.push({ input, ranges: rangesOfEntity(content, key, block.getKey(), start), data: entity.getData() });
          },
        );
      });
    });
    return found;
  };

  /* Put the form's text into this state, as if it was typed. */
  sourcing.put = (input, state) => input.draftailEditor.onChange(state);
  sourcing.stateOf = stateOf;

  /* Go to words: scroll there and select them. */
  sourcing.go = ({ input, ranges }) => {
    const { EditorState } = window.DraftJS;
    const range = ranges[0];
    sourcing.put(input, EditorState.forceSelection(stateOf(input), selectionOf(range)));
    const line = document.querySelector(`[data-offset-key="${range.block.getKey()}-0-0"]`);
    if (line) line.scrollIntoView({ block: "center" });
  };

  const took = () => document.querySelector("[data-stet-taken-off]");
  /* An editor took a mark off: the desk is told with the next save that this is no loss. */
  sourcing.tookOff = (name) => {
    const field = took();
    if (field) field.value = `${field.value} ${name}`.trim();
  };

  /* Which these are; one that was put back, as by undoing, is none of them any more. */
  sourcing.namesTakenOff = () => {
    const field = took();
    if (!field) return [];
    const here = new Set(sourcing.texts().flat(2).map(([, mark]) => mark && mark.mark));
    const names = field.value.split(" ").filter((name) => name && !here.has(name));
    field.value = names.join(" ");
    return names;
  };

  /* --- Asking the desk --- */

  const headers = () => {
    const { CSRF_HEADER_NAME, CSRF_TOKEN } = JSON.parse(document.getElementById("wagtail-config").textContent);
    return { [CSRF_HEADER_NAME]: CSRF_TOKEN, "X-Requested-With": "XMLHttpRequest" };
  };

  /* Post fields, or an object as JSON; answers the response, or throws with words for the editor. */
  sourcing.ask = async (name, body) => {
    const { urls, words } = sourcing.config();
    const isForm = body instanceof FormData;
    const options = { method: "POST", credentials: "same-origin", headers: headers() };
    options.body = isForm ? body : JSON.stringify(body);
    if (!isForm) options.headers["Content-Type"] = "application/json";
    let answer = null;
    try {
      answer = await fetch(urls[name], options);
    } catch {
      throw new Error(words.failed);
    }
    if (answer.status === 403 || answer.redirected) throw new Error(words.denied);
    if (!answer.ok && answer.status !== 422) throw new Error(words.failed);
    return answer;
  };

  sourcing.fields = (values) => {
    const form = new FormData();
    Object.entries({ language: sourcing.config().language, ...values }).forEach(([name, value]) => {
      if (value !== null && value !== undefined) form.append(name, value);
    });
    return form;
  };
})();
