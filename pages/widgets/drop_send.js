/* One file on its way to our server (upload.py): asked for first, then sent from the disk, never held in memory. */

const ADDRESS = new URL("../../upload", import.meta.url);

/* What our server did not take, in a sentence of its own; `final` when the same file would be refused again. */
export class Refused extends Error {
  constructor(sentence, status) {
    super(sentence);
    this.final = status === 413;
  }
}

/* The connection broke, or somebody else than our server answered. */
export class Broken extends Error {}

/* Send a file under this name; resolves to {id, name, bytes, sha256}. `step(bytes)` is told how many have left; the signal
   of an AbortController stops it. Rejects with Refused, Broken, or the signal's AbortError. */
export async function send(file, name, { language, signal, step }) {
  const asked = await fetch(address({ name, bytes: file.size, lang: language }), { headers: token(), signal })
    .catch((error) => { throw error.name === "AbortError" ? error : new Broken(); });
  if (!asked.ok) throw await refusal(asked.status, await asked.text());
  const request = new XMLHttpRequest();
  const ended = new Promise((resolve, reject) => {
    request.onload = () => (request.status === 200 ? resolve() : resolve(request.status));
    request.onerror = () => reject(new Broken());
    request.onabort = () => reject(new DOMException("", "AbortError"));
  });
  request.upload.onprogress = ({ loaded }) => step(loaded);
  request.open("POST", address({ name, lang: language }));
  for (const [header, value] of Object.entries(token())) request.setRequestHeader(header, value);
  request.setRequestHeader("Content-Type", "application/octet-stream");
  const stop = () => request.abort();
  signal.addEventListener("abort", stop);
  try {
    signal.throwIfAborted();
    request.send(file);
    const status = await ended;
    if (status) throw refusal(status, request.responseText);
    return JSON.parse(request.responseText);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/* Take a file away again; one that is gone already is gone. */
export function take(id) {
  return fetch(address({ id }), { method: "DELETE", headers: token(), keepalive: true }).catch(() => {});
}

function address(query) {
  const where = new URL(ADDRESS);
  for (const [name, value] of Object.entries(query)) where.searchParams.set(name, value);
  return where;
}

/* Streamlit's token, as its own uploads send it. */
function token() {
  const cookie = document.cookie.split("; ").find((each) => each.startsWith("_streamlit_xsrf="));
  return { "X-Xsrftoken": cookie?.slice(cookie.indexOf("=") + 1) ?? "" };
}

function refusal(status, text) {
  try {
    return new Refused(JSON.parse(text).sentence, status);
  } catch {
    return new Broken();
  }
}
