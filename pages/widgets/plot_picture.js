/* A plot as a file to take along, its words with it: PNG for a slide, SVG for print. */

const SCALE = 2;               // pixels of the PNG for one on the screen
const SVG = "http://www.w3.org/2000/svg";

export async function png({ host, labels, message }, background) {
  const { clientWidth: width, clientHeight: height } = host;
  const picture = new Image();
  picture.src = await window.Plotly.toImage(host, { format: "png", width, height, scale: SCALE });
  await picture.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: width * SCALE, height: height * SCALE });
  const context = canvas.getContext("2d");
  context.fillStyle = background;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, 0, 0);
  if (message.labels) context.drawImage(labels.canvas, 0, 0, canvas.width, canvas.height);
  keep(canvas.toDataURL(), message, "png");
}

export async function svg({ host, labels, message }, background) {
  const { clientWidth: width, clientHeight: height } = host;
  const address = await window.Plotly.toImage(host, { format: "svg", width, height });
  const source = decodeURIComponent(address.slice(address.indexOf(",") + 1));
  const picture = new DOMParser().parseFromString(source, "image/svg+xml").documentElement;
  const ground = picture.ownerDocument.createElementNS(SVG, "rect");
  for (const [name, value] of Object.entries({ width, height, fill: background })) ground.setAttribute(name, value);
  picture.prepend(ground);
  const words = message.labels ? labels.drawnWords() : [];
  for (const { stem, colour } of words) if (stem) picture.append(line(picture.ownerDocument, stem, colour));
  for (const label of words) picture.append(word(picture.ownerDocument, label, background));
  const text = new XMLSerializer().serializeToString(picture);
  const file = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  keep(file, message, "svg");
  setTimeout(() => URL.revokeObjectURL(file), 60_000);
}

/* One word as text, with the ground's colour around its letters. */
function word(page, { text, font, at: [x, y], colour }, background) {
  const element = Object.assign(page.createElementNS(SVG, "text"), { textContent: text });
  const look = { x, y, fill: colour, stroke: background, "stroke-width": 3, "paint-order": "stroke", "stroke-linejoin": "round",
                 "text-anchor": "middle", "dominant-baseline": "central" };
  for (const [name, value] of Object.entries(look)) element.setAttribute(name, value);
  element.style.font = font;
  return element;
}

function line(page, [x1, y1, x2, y2], colour) {
  const element = page.createElementNS(SVG, "line");
  for (const [name, value] of Object.entries({ x1, y1, x2, y2, stroke: colour, "stroke-opacity": 0.5 })) element.setAttribute(name, value);
  return element;
}

function keep(href, { layout }, ending) {
  const name = (layout.meta?.title ?? "plot").replace(/[^\p{L}\p{N}]+/gu, "-").slice(0, 60);
  Object.assign(document.createElement("a"), { href, download: `${name}.${ending}` }).click();
}
