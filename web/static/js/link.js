// The stream from the server: one EventSource, its reconnection, and a watchdog for silence.

export const SERVER_SILENT_MS = 1600; // The server beats at least every 500 ms.
export const MAT_SILENT_MS = 1200; // The daemon sends 60 live frames a second.
const AGAIN_MS = 300; // After a refused connection, which EventSource itself gives up on.
const WATCH_MS = 200;
const KINDS = ["hello", "snapshot", "event", "live", "lost", "beat"];

// Calls `take(kind, body)` for each message and `silence(who)` when the server or the mat is gone.
// Returns a function that ends it.
export function openStream(url, take, silence) {
  let source = null;
  let timer = 0;
  let lastId = "";
  let heardServer = performance.now();
  let heardMat = performance.now();

  function receive(kind, message) {
    heardServer = performance.now();
    if (kind === "beat") return;
    if (kind === "live" || kind === "snapshot") heardMat = heardServer;
    if (message.lastEventId) lastId = message.lastEventId;
    take(kind, JSON.parse(message.data));
  }

  function open() {
    const resume = lastId ? `?last=${encodeURIComponent(lastId)}` : "";
    source?.close();
    source = new EventSource(url + resume);
    for (const kind of KINDS) source.addEventListener(kind, (message) => receive(kind, message));
    source.addEventListener("error", () => {
      silence("server");
      if (source.readyState === EventSource.CLOSED) again();
    });
  }

  function again() {
    clearTimeout(timer);
    timer = setTimeout(open, AGAIN_MS);
  }

  const watch = setInterval(() => {
    const now = performance.now();
    if (now - heardServer > SERVER_SILENT_MS) {
      silence("server");
      heardServer = now; // One new attempt per period of silence.
      open();
    } else if (now - heardMat > MAT_SILENT_MS) {
      silence("mat");
    }
  }, WATCH_MS);

  open();
  return () => {
    clearInterval(watch);
    clearTimeout(timer);
    source?.close();
  };
}
