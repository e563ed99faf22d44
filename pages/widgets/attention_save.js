/* What is drawn as a file: all panels beside each other with their names, as a drawing (SVG) or a picture (PNG). */

import { SANS, element } from "./attention_draw.js";

const GAP = 24, NAMED = 26, AROUND = 12, SCALE = 2;

/* panels: [{ name, svg }] -> one drawing with a ground of its own. */
export function together(panels, colours) {
  const sizes = panels.map(({ svg }) => [Number(svg.getAttribute("width")), Number(svg.getAttribute("height"))]);
  const width = sizes.reduce((sum, [wide]) => sum + wide + GAP, 2 * AROUND - GAP), height = Math.max(...sizes.map(([, high]) => high)) + NAMED + 2 * AROUND;
  const whole = element("svg", { xmlns: "http://www.w3.org/2000/svg", width, height, viewBox: `0 0 ${width} ${height}`, "font-family": SANS });
  whole.append(element("rect", { width, height, fill: colours.background }));
  let x = AROUND;
  panels.forEach(({ name, svg }, place) => {
    whole.append(element("text", { x, y: AROUND + 13, "font-size": 14, "font-weight": 600, fill: colours.ink }, name));
    const copy = svg.cloneNode(true);
    copy.setAttribute("x", x);
    copy.setAttribute("y", AROUND + NAMED);
    whole.append(copy);
    x += sizes[place][0] + GAP;
  });
  return { text: new XMLSerializer().serializeToString(whole), width, height };
}

export function saveSVG(panels, colours, name) {
  keep(new Blob([together(panels, colours).text], { type: "image/svg+xml" }), `${name}.svg`);
}

export async function savePNG(panels, colours, name) {
  const { text, width, height } = together(panels, colours), picture = new Image();
  picture.src = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  await picture.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: width * SCALE, height: height * SCALE });
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(picture.src);
  canvas.toBlob((blob) => keep(blob, `${name}.png`));
}

function keep(blob, name) {
  const href = URL.createObjectURL(blob);
  Object.assign(document.createElement("a"), { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
}
