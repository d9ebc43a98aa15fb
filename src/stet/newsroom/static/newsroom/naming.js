// Gives what Wagtail's scripts put on a form the name that a screen reader says: that of its field.
(() => {
  const words = (element) => element && element.textContent.replace("*", "").trim();

  const ofField = (element) => {
    const field = element.closest(".w-field__wrapper");
    const tags = element.closest(".tagit") && element.closest(".tagit").previousElementSibling;
    const label =
      (tags && document.querySelector(`label[for="${tags.id}"]`)) || (field && field.querySelector("label"));
    const block = element.closest("[data-streamfield-child]");
    const panel = element.closest("[data-panel]");
    return (
      words(label) ||
      words(block && block.querySelector("[data-panel-heading-text]")) ||
      words(panel && panel.querySelector("[data-panel-heading-text]"))
    );
  };

  const ofDialog = (element) => words(element.querySelector("h1, h2, .w-header__title, button[type=submit]"));
  const ofUpload = (element) => words(element.parentElement);

  const NAMES = [
    ["[role=textbox][contenteditable]", ofField],
    ["input.ui-autocomplete-input", ofField],
    ["input#fileupload", ofUpload],
    [".modal[role=dialog]", ofDialog],
  ];

  const name = () => {
    for (const bar of document.querySelectorAll(".progress[aria-valuenow]:not([role])")) {
      bar.setAttribute("role", "progressbar");
      bar.setAttribute("aria-label", "%");
    }
    for (const [selector, find] of NAMES) {
      for (const element of document.querySelectorAll(`${selector}:not([aria-label], [aria-labelledby])`)) {
        const found = find(element);
        if (found) element.setAttribute("aria-label", found);
      }
    }
  };

  let isDue = false;
  const soon = () => {
    if (isDue) return;
    isDue = true;
    requestAnimationFrame(() => {
      isDue = false;
      name();
    });
  };

  document.addEventListener("DOMContentLoaded", () => {
    name();
    new MutationObserver(soon).observe(document.body, { childList: true, subtree: true });
  });
})();
