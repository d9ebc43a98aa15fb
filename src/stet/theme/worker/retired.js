/* What stands in the worker's place where it is switched off: it forgets everything and takes itself away. A browser asks
   for it after the next page at the latest. */
addEventListener("install", () => skipWaiting());
addEventListener("activate", event => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name.startsWith("stet-")) await caches.delete(name);
  await registration.unregister();
})()));
