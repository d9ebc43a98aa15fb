/* In every page: asks the browser to run the worker, at the newsroom's own address only, and only where it can check
   signatures. After the page, so that it waits for nothing. */
((script, workers) => {
  if (workers && !workers.controller && script.dataset.at == location.origin)
    onload = () => crypto.subtle.generateKey("Ed25519", 0, ["sign"]).then(() => workers.register("/worker.js"))
})(document.currentScript, navigator.serviceWorker)
