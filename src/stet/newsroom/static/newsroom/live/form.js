/* The form of an entry. The editor writes what was typed into its field a quarter of a second later, so a form that is
   sent at once would go without its last words: it waits for that. And it goes once, however often it is pressed. */
(() => {
  const settle = 350;
  const states = new WeakMap();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches(".stet-live-form")) return;
    const state = states.get(form);
    if (state === "settled") {
      states.set(form, "sent");
      return;
    }
    event.preventDefault();
    if (state) return;
    states.set(form, "waits");
    setTimeout(() => {
      states.set(form, "settled");
      form.requestSubmit(event.submitter);
    }, settle);
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll(".stet-live-form").forEach((form) => states.delete(form));
  });
})();
