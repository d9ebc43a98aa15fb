/* In every page: asks the browser to run the worker, at the newsroom's own address only, and only where it can check
   signatures. After the page, so that it waits for nothing. A worker that runs already is not asked for again. */
navigator.serviceWorker && document.currentScript.dataset.at == origin && (onload = _ =>
  crypto.subtle.generateKey("Ed25519", 0, ["sign"]).then(_ => navigator.serviceWorker.register("/worker.js")))
