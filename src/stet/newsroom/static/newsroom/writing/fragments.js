/* HTML that another program put on the clipboard, as paragraphs of Draft.js: words, bold, italic, links, lists, headings.

   What a program writes for itself (styles, classes, comments, tracked deletions, hidden words, pictures) has no way in:
   paragraphs are built anew from what is known here, and whatever is not known leaves its words only. */
(() => {
  const writing = (window.stetWriting = window.stetWriting || {});
  const SKIPPED = new Set(
    "HEAD STYLE SCRIPT TITLE META LINK TEMPLATE NOSCRIPT OBJECT IFRAME SVG BUTTON SELECT TEXTAREA INPUT AUDIO VIDEO CANVAS".split(" "),
  );
  const BLOCKS = new Set(
    "P DIV LI UL OL H1 H2 H3 H4 H5 H6 BLOCKQUOTE PRE TABLE TR SECTION ARTICLE HEADER FOOTER MAIN ASIDE NAV FIGURE FIGCAPTION DL DT DD BODY HR ADDRESS DETAILS SUMMARY FORM".split(" "),
  );
  const HEADINGS = { H1: "two", H2: "two", H3: "three", H4: "four", H5: "five", H6: "six" };
  const STYLES = { B: "BOLD", STRONG: "BOLD", I: "ITALIC", EM: "ITALIC", CITE: "ITALIC", S: "STRIKETHROUGH", STRIKE: "STRIKETHROUGH", DEL: "STRIKETHROUGH", SUP: "SUPERSCRIPT", SUB: "SUBSCRIPT", CODE: "CODE", KBD: "CODE", SAMP: "CODE", TT: "CODE" };
  /* A blank that may not break is wanted after a short word, an initial, a number or its sign, and before a dash. */
  const WANTED = /(?:(?:^|[\s(«„“"])(?:\p{L}{1,2}|\p{Lu}\.)|[\d№§«])$/u;

  const said = (element) => (element.getAttribute("style") || "").toLowerCase();
  const told = (style, name) => (style.match(new RegExp(`(?:^|[;\\s])${name}\\s*:\\s*([^;]+)`)) || [])[1];

  const isHidden = (element, style) =>
    element.hidden ||
    /(?:^|[;\s])(?:display\s*:\s*none|mso-hide\s*:\s*all|mso-list\s*:\s*ignore|mso-element\s*:\s*comment)/.test(style) ||
    /(?:^| )(?:msoDel|MsoCommentReference|EOP)(?: |$)/.test(element.className) ||
    (element.tagName === "DEL" && /^mailto:/i.test(element.getAttribute("cite") || ""));

  /* The styles of words inside this element. */
  const inside = (element, style, outer) => {
    const styles = new Set(outer);
    const own = STYLES[element.tagName];
    if (own) styles.add(own);
    const put = (name, is) => (is ? styles.add(name) : styles.delete(name));
    const weight = told(style, "font-weight");
    if (weight) put("BOLD", /bold/.test(weight) || Number.parseInt(weight, 10) >= 600);
    const slant = told(style, "font-style");
    if (slant) put("ITALIC", /italic|oblique/.test(slant));
    if (/text-decoration[^;]*line-through/.test(style)) styles.add("STRIKETHROUGH");
    const place = told(style, "vertical-align");
    if (place && /^super/.test(place)) styles.add("SUPERSCRIPT");
    if (place && /^sub/.test(place)) styles.add("SUBSCRIPT");
    return styles;
  };

  const linkOf = (element) => {
    const href = (element.getAttribute("href") || "").trim();
    return /^https?:\/\/[^/]/i.test(href) ? href : null;
  };

  /* Word writes lists as paragraphs: the level in a style, the bullet or number as words. */
  const listOfWord = (element, style) => {
    const level = style.match(/mso-list\s*:[^;]*?level(\d+)/);
    if (!level) return null;
    const mark = [...element.querySelectorAll("span")].find((span) => /mso-list\s*:\s*ignore/.test(said(span)));
    const isOrdered = Boolean(mark) && /^\s*[\p{L}\p{N}]{1,4}[.)]/u.test(mark.textContent);
    return { type: isOrdered ? "ordered-list-item" : "unordered-list-item", depth: Number(level[1]) - 1 };
  };

  const typeOf = (element, style, context) => {
    if (element.tagName === "LI") {
      const isOrdered = element.parentElement && element.parentElement.tagName === "OL";
      return { type: isOrdered ? "ordered-list-item" : "unordered-list-item", depth: Math.max(0, context.lists - 1) };
    }
    /* A paragraph inside a list's item is that item. */
    if (context.block.type.endsWith("list-item")) return context.block;
    if (element.tagName === "P") return listOfWord(element, style) || context.block;
    const heading = HEADINGS[element.tagName];
    return heading ? { type: `header-${heading}`, depth: 0 } : context.block;
  };

  class Paragraphs {
    constructor() {
      this.done = [];
      this.open = null;
    }

    /* Words go on in the open paragraph, or begin one. */
    add(text, context) {
      this.open = this.open || { ...context.block, pieces: [] };
      this.open.pieces.push({ text, styles: context.styles, link: context.link });
    }

    end() {
      if (this.open) this.done.push(this.open);
      this.open = null;
    }
  }

  const walk = (node, context, paragraphs) => {
    if (node.nodeType === Node.TEXT_NODE) {
      const text = context.isPre ? node.data.replace(/\r/g, "") : node.data.replace(/[ \t\n\f\r]+/g, " ");
      if (text) paragraphs.add(text, context);
      return;
    }
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    const tag = node.tagName.toUpperCase();
    const style = said(node);
    if (SKIPPED.has(tag) || isHidden(node, style)) return;
    if (tag === "IMG") {
      const alt = node.getAttribute("alt") || "";
      if (/^\p{Extended_Pictographic}/u.test(alt) && alt.length < 16) paragraphs.add(alt, context);
      return;
    }
    if (tag === "BR") {
      /* A PDF's reader breaks the line where the paper did. */
      paragraphs.add(node.getAttribute("role") === "presentation" ? " " : "\n", context);
      return;
    }
    if ((tag === "TD" || tag === "TH") && node.previousElementSibling) paragraphs.add(" | ", context);
    /* A row of a table is one paragraph. */
    const isBlock = BLOCKS.has(tag) && !context.isCell;
    if (isBlock) paragraphs.end();
    const isList = tag === "UL" || tag === "OL";
    const block = isBlock ? typeOf(node, style, context) : context.block;
    const next = {
      block,
      lists: context.lists + (isList ? 1 : 0),
      styles: inside(node, style, context.styles),
      link: tag === "A" ? linkOf(node) : context.link,
      isPre: context.isPre || tag === "PRE",
      isCell: context.isCell || tag === "TD" || tag === "TH",
    };
    if (block.type.startsWith("header")) next.styles.delete("BOLD");
    node.childNodes.forEach((child) => walk(child, next, paragraphs));
    if (isBlock) paragraphs.end();
  };

  /* Letters with their styles: [{sign, styles, link}], blanks put right. */
  const lettersOf = (paragraph) => {
    const letters = [];
    paragraph.pieces.forEach(({ text, styles, link }) =>
      [...text.replace(/[\u200b\ufeff\u00ad]/g, "").replace(/\t/g, " ")].forEach((sign) => letters.push({ sign, styles, link })),
    );
    const isBlank = (one) => !one || /^[ \n\u00a0]$/.test(one.sign);
    let before = "";
    letters.forEach((one, place) => {
      const next = letters[place + 1];
      if (one.sign === "\u00a0") {
        const isWanted = !isBlank(next) && !isBlank(letters[place - 1]) && (WANTED.test(before.slice(-4)) || /[—–]/.test(next.sign));
        one.sign = isWanted ? "\u00a0" : " ";
      }
      before += one.sign;
    });
    return letters.filter(
      (one, place) => one.sign !== " " || !(isBlank(letters[place - 1]) || isBlank(letters[place + 1])) || isBlankKept(letters, place),
    );
  };

  /* Of several blanks in a row the last one stays, unless a line begins or ends there. */
  const isBlankKept = (letters, place) => {
    if (/^[ \u00a0]$/.test((letters[place + 1] || {}).sign || "")) return false;
    const next = letters[place + 1];
    if (!next || next.sign === "\n") return false;
    let first = place;
    while (first > 0 && letters[first - 1].sign === " ") first -= 1;
    return first > 0 && letters[first - 1].sign !== "\n";
  };

  /* Two breaks end a paragraph, one is a break. */
  const split = (letters) => {
    const lines = [];
    let line = [];
    letters.forEach((one, place) => {
      const isBreak = one.sign === "\n";
      const isDouble = isBreak && (letters[place + 1] || {}).sign === "\n";
      const isAfter = isBreak && (letters[place - 1] || {}).sign === "\n";
      if (isDouble || isAfter) {
        lines.push(line);
        line = [];
      } else line.push(one);
    });
    lines.push(line);
    return lines.map(trimmed).filter((each) => each.length);
  };

  const trimmed = (letters) => {
    const isBlank = (one) => /^\s$/.test(one.sign);
    let start = 0;
    let end = letters.length;
    while (start < end && isBlank(letters[start])) start += 1;
    while (end > start && isBlank(letters[end - 1])) end -= 1;
    return letters.slice(start, end);
  };

  /* Raw content counts characters, not halves of them. */
  const rangesOf = (letters, has) => {
    const ranges = [];
    letters.forEach((one, offset) => {
      const last = ranges[ranges.length - 1];
      if (!has(one)) return;
      if (last && last.offset + last.length === offset) last.length += 1;
      else ranges.push({ offset, length: 1 });
    });
    return ranges;
  };

  const rawBlock = (type, depth, letters, entityMap) => {
    const styles = new Set(letters.flatMap((one) => [...one.styles]));
    const links = new Set(letters.map((one) => one.link).filter(Boolean));
    const entityRanges = [...links].flatMap((url) => {
      const key = Object.keys(entityMap).length;
      entityMap[key] = { type: "LINK", mutability: "MUTABLE", data: { url } };
      return rangesOf(letters, (one) => one.link === url).map((range) => ({ ...range, key }));
    });
    return {
      type,
      depth,
      text: letters.map((one) => one.sign).join(""),
      inlineStyleRanges: [...styles].flatMap((style) => rangesOf(letters, (one) => one.styles.has(style)).map((range) => ({ ...range, style }))),
      entityRanges,
    };
  };

  const rawOf = (paragraphs) => {
    const entityMap = {};
    const blocks = paragraphs.flatMap((paragraph) =>
      split(lettersOf(paragraph)).map((letters) => rawBlock(paragraph.type, Math.min(paragraph.depth, 4), letters, entityMap)),
    );
    return { blocks, entityMap };
  };

  const PLAIN = { block: { type: "unstyled", depth: 0 }, lists: 0, styles: new Set(), link: null, isPre: false, isCell: false };

  /* Draft.js's raw content of some HTML; nothing of it is loaded or run. */
  writing.fromHtml = (html) => {
    const paragraphs = new Paragraphs();
    walk(new DOMParser().parseFromString(html, "text/html").body, PLAIN, paragraphs);
    paragraphs.end();
    return rawOf(paragraphs.done);
  };

  /* The same of plain text: each line that holds words is a paragraph. */
  writing.fromText = (text) =>
    rawOf(text.split(/\r\n|[\n\r\u2028\u2029]/).map((line) => ({ ...PLAIN.block, pieces: [{ text: line, styles: PLAIN.styles, link: null }] })));
})();
