/* Pasting into Draftail: what another program copied comes in clean. What was copied in an editor of the desk is left to
   Draftail, which keeps its own links and marks. Draftail's filter then takes out what this field may not hold. */
(() => {
  const writing = window.stetWriting;
  const OWN = /data-draftjs-conductor-fragment|data-editor=/;

  const insert = (editorState, raw) => {
    const { EditorState, Modifier, convertFromRaw } = window.DraftJS;
    const fragment = convertFromRaw(raw).getBlockMap();
    const content = Modifier.replaceWithFragment(editorState.getCurrentContent(), editorState.getSelection(), fragment);
    return EditorState.push(editorState, content, "insert-fragment");
  };

  window.draftail.registerPlugin(
    {
      type: "STET_PASTE",
      handlePastedText(text, html, editorState, { setEditorState }) {
        if (html ? OWN.test(html) : !/[\n\r]/.test(text || "")) return "not-handled";
        const raw = html ? writing.fromHtml(html) : writing.fromText(text);
        if (raw.blocks.length) setEditorState(insert(editorState, raw));
        return "handled";
      },
    },
    "plugins",
  );
})();
