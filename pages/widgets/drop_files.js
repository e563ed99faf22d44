/* The files in what a person chose, dropped or pasted: [{file, name}], folders opened, their paths kept in the names. */

const HIDDEN = /(^|\/)(\.|__MACOSX\/|Thumbs\.db$|desktop\.ini$)/;

/* The files of an <input>. */
export function chosen(files) {
  return [...files].map((file) => ({ file, name: file.webkitRelativePath || file.name, inside: !!file.webkitRelativePath }))
    .filter(seen);
}

/* The files of a drop or a paste, at most `most` and one more. Must be called while the event is being handled. */
export async function carried(transfer, most) {
  const entries = [...transfer.items].filter(({ kind }) => kind === "file").map((item) => item.webkitGetAsEntry?.());
  if (!entries.length || entries.some((entry) => !entry)) return chosen(transfer.files);
  const plain = [...transfer.files], found = [];
  if (entries.every(({ isFile }) => isFile) && plain.length === entries.length) return chosen(plain);
  const waiting = entries.reverse();
  while (waiting.length && found.length <= most) {
    const entry = waiting.pop(), name = entry.fullPath.replace(/^\//, "");
    if (entry.isDirectory) waiting.push(...(await children(entry)).reverse());
    else {
      const one = { name, inside: name.includes("/") };
      one.file = await new Promise((resolve) => entry.file(resolve, () => resolve(null)));
      if (one.file && seen(one)) found.push(one);
    }
  }
  return found;
}

/* Browsers hand a folder out in portions. */
async function children(folder) {
  const reader = folder.createReader(), found = [];
  for (;;) {
    const portion = await new Promise((resolve) => reader.readEntries(resolve, () => resolve([])));
    if (!portion.length) return found.sort((a, b) => (a.name < b.name ? -1 : 1));
    found.push(...portion);
  }
}

/* Systems leave files of their own in folders; a file that was pointed at by itself is meant. */
function seen({ name, inside }) {
  return !inside || !HIDDEN.test(name);
}
