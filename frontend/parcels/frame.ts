/** Has the worker keep the empty page of some work, so that it opens without network. */
export async function keepFrame(name: string, prefix: string): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.register("/sw.js");
  const ready = await navigator.serviceWorker.ready;
  ready.active?.postMessage({ keepFrame: name, prefix });
}
