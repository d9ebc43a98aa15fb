/* The entity CLAIM in Draftail: its button, its keys, and how marked words look. */
(() => {
  const sourcing = (window.stetSourcing = window.stetSourcing || {});
  const React = window.React;
  /* Filled by the panel with what the desk says: mark → state, claim → sentence and status. */
  sourcing.states = sourcing.states || {};
  sourcing.sentences = sourcing.sentences || {};

  /* Look at words or at a mark, let the editor choose, and answer the state that follows; null where nothing does. */
  sourcing.open = async (state, entityKey) => {
    const config = sourcing.config();
    if (!config) return { say: null };
    const content = state.getCurrentContent();
    const selection = state.getSelection();
    if (entityKey) {
      const entity = content.getEntity(entityKey);
      const data = entity.getData();
      const ranges = sourcing.rangesOfEntity(content, entityKey, selection.getStartKey(), selection.getStartOffset());
      return sourcing.look(state, ranges, data);
    }
    const ranges = sourcing.selected(state);
    const obstacle = sourcing.obstacle(state, ranges);
    if (obstacle) return { say: config.words[obstacle] };
    const found = await sourcing.drawer("words", { words: sourcing.wordsOf(ranges) });
    if (!found) return null;
    return { state: sourcing.marked(state, ranges, found.claim), say: config.words.saved };
  };

  /* The drawer on a mark. */
  sourcing.look = async (state, ranges, data) => {
    const { words } = sourcing.config();
    const now = sourcing.wordsOf(ranges);
    const isKept = Boolean(data.exact) && now === sourcing.fold(data.exact);
    const found = await sourcing.drawer("mark", {
      words: now,
      claim: data.id,
      exact: data.exact,
      state: isKept ? "kept" : "changed",
    });
    if (!found) return null;
    if (found.act === "remove") {
      sourcing.tookOff(data.mark);
      return { state: sourcing.unmarked(state, ranges), say: words.removed };
    }
    return { state: sourcing.marked(state, ranges, found.claim || data.id, data.mark), say: words.saved };
  };

  sourcing.say = (text) => {
    const status = document.querySelector("[data-stet-status]");
    if (status) status.textContent = text || "";
  };

  class ClaimSource extends React.Component {
    componentDidMount() {
      const { editorState, entity, entityKey, onComplete, onClose } = this.props;
      const isMark = entity && entity.getType() === "CLAIM";
      const shown = document.activeElement && document.activeElement.closest('[data-contentpath="body"]');
      const isInBody = Boolean(shown) || !document.activeElement;
      this.isThere = true;
      sourcing.open(editorState, isMark ? entityKey : null).then((done) => {
        if (!this.isThere) return;
        if (done && done.state) onComplete(done.state);
        else onClose();
        if (done) {
          sourcing.say(done.say);
          if (!done.state && done.say) sourcing.tellBeside(done.say, isInBody);
        }
      });
    }

    componentWillUnmount() {
      this.isThere = false;
    }

    render() {
      return null;
    }
  }

  /* A word to who pressed the button in vain, where they look. */
  sourcing.tellBeside = (text) => {
    const box = document.createElement("p");
    box.className = "stet-beside";
    box.setAttribute("role", "alert");
    box.textContent = text;
    document.body.append(box);
    window.setTimeout(() => box.remove(), 6000);
  };

  const Claim = (props) => {
    const { contentState, entityKey, children, onEdit, onRemove, decoratedText } = props;
    const data = contentState.getEntity(entityKey).getData();
    const config = sourcing.config();
    const words = config ? config.words : {};
    const known = sourcing.states[data.mark];
    const isWhole = Boolean(data.exact) && sourcing.fold(decoratedText || "") === sourcing.fold(data.exact);
    const state = isWhole ? "kept" : known || "changed";
    const sentence = sourcing.sentences[data.id] || words.claim || "";
    const remove = (key) => {
      sourcing.tookOff(data.mark);
      onRemove(key);
    };
    return React.createElement(
      "span",
      {
        className: "stet-claim",
        "data-stet-mark": data.mark,
        "data-stet-claim": data.id,
        "data-stet-state": state,
        title: `${sentence} · ${words[state] || ""}`,
      },
      React.createElement(
        window.draftail.TooltipEntity,
        {
          entityKey,
          icon: React.createElement(window.wagtail.components.Icon, { name: "stet-claim" }),
          label: sentence,
          onEdit,
          onRemove: remove,
          contentState,
        },
        children,
      ),
    );
  };

  window.draftail.registerPlugin({ type: "CLAIM", source: ClaimSource, decorator: Claim });
  window.draftail.registerPlugin(
    {
      type: "CLAIM_KEYS",
      keyBindingFn: (event) =>
        event.shiftKey && (event.ctrlKey || event.metaKey) && !event.altKey && event.nativeEvent.code === "KeyL"
          ? "CLAIM"
          : undefined,
    },
    "plugins",
  );
})();
