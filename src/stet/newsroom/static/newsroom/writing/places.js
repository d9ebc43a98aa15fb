/* Everywhere a form holds words that readers get: lines, fields and each paragraph of rich text; and changing words there.

   A change is a list of [start, end, words instead] of one place. It is made as if it was typed: Draft.js keeps styles,
   links and marks, and takes it back with Ctrl + Z; `undo` takes back the last change from the panel, wherever it was. */
(() => {
  const writing = (window.stetWriting = window.stetWriting || {});

  writing.config = () => {
    const element = document.getElementById("stet-writing-config");
    return element ? JSON.parse(element.textContent) : null;
  };

  const form = () => document.querySelector("[data-edit-form]");

  const isDeleted = (input) => {
    const parts = input.name.split("-");
    return parts.some((_part, length) => {
      const start = parts.slice(0, length + 1).join("-");
      const field = form().elements.namedItem(`${start}-deleted`) || form().elements.namedItem(`${start}-DELETE`);
      return Boolean(field) && (field.value === "1" || field.value === "on") && field.checked !== false;
    });
  };

  /* Fields that hold words: no addresses, dates, tags, names of files, no comments. */
  const NO_WORDS = "[type=url], [type=email], [autocomplete=off], [readonly], [disabled], [data-controller~='w-tag'], [name$=slug], [name^=comments-]";
  const isLine = (field) =>
    field.matches("textarea, input[type=text], input:not([type])") && field.name && !field.matches(NO_WORDS) &&
    !field.closest("[data-comment], .handsontable, .Draftail-Editor__wrapper, template") && !isDeleted(field);

  const isRich = (field) => field.type === "hidden" && field.draftailEditor && !isDeleted(field);

  const stateOf = (input) => input.draftailEditor.getEditorState();

  const labelOf = (field) => {
    const type = field.closest(".c-sf-block") && field.closest(".c-sf-block").querySelector(".c-sf-block__type");
    if (type) return type.textContent.trim();
    const own = field.id && document.querySelector(`label[for="${CSS.escape(field.id)}"]`);
    const panel = field.closest(".w-panel, [data-contentpath]");
    const heading = own || (panel && panel.querySelector("label, [data-panel-heading-text], h2, h3"));
    return heading ? heading.textContent.replace(/[\s*]+/g, " ").trim() : "";
  };

  const codeOf = (block) => {
    const ranges = [];
    block.findStyleRanges((letter) => letter.hasStyle("CODE"), (start, end) => ranges.push([start, end]));
    return ranges;
  };

  /* [{field, block, text, frozen, label}] in the order of the form; `block` is the key of a paragraph of rich text. */
  writing.places = () => {
    if (!form()) return [];
    return [...form().elements].flatMap((field) => {
      if (isLine(field)) return [{ field, block: null, text: field.value, frozen: [], label: labelOf(field) }];
      if (!isRich(field)) return [];
      return stateOf(field).getCurrentContent().getBlocksAsArray().filter((block) => block.getType() !== "atomic").map((block) => (
        { field, block: block.getKey(), text: block.getText(), frozen: codeOf(block), label: labelOf(field) }
      ));
    });
  };

  /* --- Changing --- */

  const done = [];

  const put = (field, value) => {
    const type = field.tagName === "TEXTAREA" ? HTMLTextAreaElement : HTMLInputElement;
    Object.getOwnPropertyDescriptor(type.prototype, "value").set.call(field, value);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  };

  const selectionOf = (block, start, end) =>
    window.DraftJS.SelectionState.createEmpty(block).merge({ anchorOffset: start, focusOffset: end });

  const replaced = (content, block, [start, end, words]) => {
    const { Modifier } = window.DraftJS;
    const old = content.getBlockForKey(block);
    const selection = selectionOf(block, start, end);
    if (!words) return Modifier.removeRange(content, selection, "forward");
    return Modifier.replaceText(content, selection, words, old.getInlineStyleAt(start), old.getEntityAt(start));
  };

  const changeLine = (field, edits) => {
    const before = field.value;
    const after = [...edits].reverse().reduce((text, [start, end, words]) => text.slice(0, start) + words + text.slice(end), before);
    put(field, after);
    return { field, before, after };
  };

  /* One step of the editor's own history for all paragraphs of a field. */
  const changeRich = (field, changes) => {
    const { EditorState } = window.DraftJS;
    const state = stateOf(field);
    const before = state.getCurrentContent();
    const after = changes.reduce((content, { block, edits }) => [...edits].reverse().reduce((one, edit) => replaced(one, block, edit), content), before);
    field.draftailEditor.onChange(EditorState.push(state, after, "spellcheck-change"));
    return { field, before, after: stateOf(field).getCurrentContent().getBlockMap(), isRich: true };
  };

  /* Make changes: [{place, edits}], as `places` gave them. */
  writing.change = (changes) => {
    const fields = [...new Set(changes.map(({ place }) => place.field))];
    const steps = fields.map((field) => {
      const own = changes.filter(({ place }) => place.field === field);
      if (own[0].place.block === null) return changeLine(field, own[0].edits);
      return changeRich(field, own.map(({ place, edits }) => ({ block: place.block, edits })));
    });
    if (steps.length) done.push(steps);
    writing.changed();
  };

  /* The panel says what else is to follow. */
  writing.changed = () => {};

  writing.canUndo = () => done.length > 0;

  /* Take the last change back where nobody wrote since; answers whether that was everywhere. */
  writing.undo = () => {
    const steps = done.pop() || [];
    const { EditorState } = window.DraftJS;
    return steps.map(({ field, before, after, isRich: isText }) => {
      if (!isText) {
        if (field.value !== after) return false;
        put(field, before);
        return true;
      }
      const state = stateOf(field);
      if (state.getCurrentContent().getBlockMap() !== after) return false;
      field.draftailEditor.onChange(EditorState.push(state, before, "undo"));
      return true;
    }).every(Boolean);
  };

  /* --- Showing --- */

  const CURRENT = "stet-found";

  const rangeOf = (place, start, end) => {
    const line = document.querySelector(`[data-block="true"][data-offset-key="${place.block}-0-0"]`);
    if (!line) return null;
    const range = document.createRange();
    const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
    let passed = 0;
    let isBegun = false;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const length = node.data.length;
      if (!isBegun && start < passed + length) {
        range.setStart(node, start - passed);
        isBegun = true;
      }
      if (isBegun && end <= passed + length) {
        range.setEnd(node, end - passed);
        return range;
      }
      passed += length;
    }
    return null;
  };

  writing.unmark = () => {
    if (CSS.highlights) CSS.highlights.delete(CURRENT);
    document.querySelectorAll(".stet-here").forEach((element) => element.classList.remove("stet-here"));
  };

  /* Bring words into view and mark them; the keyboard stays where it is. */
  writing.show = (place, start, end) => {
    writing.unmark();
    if (place.block === null) {
      place.field.classList.add("stet-here");
      place.field.scrollIntoView({ block: "center" });
      place.field.setSelectionRange(start, end);
      return;
    }
    const range = rangeOf(place, start, end);
    const line = document.querySelector(`[data-block="true"][data-offset-key="${place.block}-0-0"]`);
    if (line) line.scrollIntoView({ block: "center" });
    if (range && CSS.highlights && window.Highlight) CSS.highlights.set(CURRENT, new window.Highlight(range));
    else if (line) line.classList.add("stet-here");
  };

  /* Go there with the keyboard. */
  writing.go = (place, start, end) => {
    if (place.block === null) {
      place.field.focus();
      place.field.setSelectionRange(start, end);
      return;
    }
    const { EditorState } = window.DraftJS;
    place.field.draftailEditor.onChange(EditorState.forceSelection(stateOf(place.field), selectionOf(place.block, start, end)));
  };

  /* --- Asking the desk --- */

  writing.headers = () => {
    const { CSRF_HEADER_NAME, CSRF_TOKEN } = JSON.parse(document.getElementById("wagtail-config").textContent);
    return { [CSRF_HEADER_NAME]: CSRF_TOKEN, "X-Requested-With": "XMLHttpRequest" };
  };

  writing.ask = async (url, options) => {
    const { words } = writing.config();
    let answer = null;
    try {
      answer = await fetch(url, { credentials: "same-origin", ...options, headers: { ...writing.headers(), ...options.headers } });
    } catch {
      throw new Error(words.failed);
    }
    if (answer.status === 403 || answer.redirected) throw new Error(words.denied);
    if (!answer.ok) throw new Error(words.failed);
    return answer;
  };

  writing.say = (text) => {
    const status = document.querySelector("[data-stet-told]");
    if (status) status.textContent = text || "";
  };

  writing.made = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
    element.append(...children);
    return element;
  };

  /* Words with what stands around them: the middle marked. */
  writing.context = (text, start, end, instead) => {
    const AROUND = 24;
    const shown = (words) => words.replace(/\u00a0/g, "⍽");
    const parts = [text.slice(Math.max(0, start - AROUND), start), writing.made("mark", {}, shown(text.slice(start, end)))];
    if (instead !== undefined) parts.push(writing.made("ins", {}, shown(instead) || "∅"));
    return [...parts, text.slice(end, end + AROUND)];
  };
})();
