/* The weights of one text's attention, as they came: exact, or numbers of a byte times the step of their row. */

export class Frame {
  constructor(message) {
    Object.assign(this, message);
    this.exact = new Map();        // weights of single heads that came in full, by number
    this.parts = new Map();        // query, key, value of single heads
    this.wide = new Map();         // weights as floats, made once
    this.pictures = new Map();     // of all heads, by their size
  }

  /* Which map it is; head -1: the mean of the layer; layer -1: that of all. As `number` in core/explore/attention.py. */
  number([layer, head]) {
    if (layer < 0) return this.layers * this.heads + this.layers;
    return head >= 0 ? layer * this.heads + head : this.layers * this.heads + layer;
  }

  /* The head that is meant where this model has as many: one with fewer has its last. */
  clipped([layer, head]) {
    return [Math.min(layer, this.layers - 1), Math.min(head, this.heads - 1)];
  }

  /* Float32Array of the small map as it came: shape[0] × shape[1]. */
  sent(number) {
    let found = this.wide.get(number);
    if (found) return found;
    const numbers = this.maps[number], [rows, columns] = this.shape;
    if (this.kind === "exact") found = numbers;
    else {
      found = new Float32Array(rows * columns);
      for (let row = 0; row < rows; row++) {
        const step = this.step[number][row];
        for (let column = 0; column < columns; column++) found[row * columns + column] = numbers[row * columns + column] * step;
      }
    }
    this.wide.set(number, found);
    return found;
  }

  /* Float32Array of rows × columns: in full if it came, else what was sent, stretched. */
  weights(pick) {
    const number = this.number(pick), full = this.exact.get(number);
    if (full || this.kind !== "small") return full ?? this.sent(number);
    const [rows, columns] = this.shape, small = this.sent(number), found = new Float32Array(this.rows.length * this.columns.length);
    for (let row = 0, at = 0; row < this.rows.length; row++) {
      const from = Math.floor(row * rows / this.rows.length) * columns;
      for (let column = 0; column < this.columns.length; column++)
        found[at++] = small[from + Math.floor(column * columns / this.columns.length)];
    }
    return found;
  }

  /* "exact", "rounded" or "small": what `weights` is made of. */
  certainty(pick) {
    return this.exact.has(this.number(pick)) ? "exact" : this.kind;
  }

  take({ layer, head, weights, parts }) {
    const number = this.number([layer, head]), flat = new Float32Array(this.rows.length * this.columns.length);
    weights.forEach((row, place) => flat.set(row, place * this.columns.length));
    this.exact.set(number, flat);
    if (parts) this.parts.set(number, parts);
  }

  /* Whether these two are laid over the same words, so that they can be subtracted. */
  alike(other) {
    const same = (a, b) => a.length === b.length && a.every((value, place) => value === b[place]);
    return same(this.names, other.names) && same([...this.rows], [...other.rows]) && same([...this.columns], [...other.columns]);
  }
}

/* Of each row the fewest of its largest weights that make this share of its sum; the others 0. */
export function strongest(weights, columns, share) {
  if (share >= 1) return weights;
  const found = new Float32Array(weights.length);
  for (let from = 0; from < weights.length; from += columns) {
    const row = weights.subarray(from, from + columns), order = Array.from(row.keys()).sort((a, b) => row[b] - row[a] || a - b);
    const limit = share * row.reduce((a, b) => a + b, 0) - 1e-7;
    for (let before = 0, i = 0; i < columns && before < limit; before += row[order[i++]]) found[from + order[i]] = row[order[i]];
  }
  return found;
}

export function difference(first, second) {
  return first.map((weight, place) => weight - second[place]);
}

/* The largest of each block, by size and not by sign: rows × columns -> high × wide. */
export function pooled(values, rows, columns, high, wide) {
  if (rows <= high && columns <= wide) return { values, rows, columns };
  const found = new Float32Array(Math.min(rows, high) * Math.min(columns, wide));
  const tall = Math.min(rows, high), broad = Math.min(columns, wide);
  for (let row = 0, at = 0; row < rows; row++) {
    const into = Math.floor(row * tall / rows) * broad;
    for (let column = 0; column < columns; column++, at++) {
      const place = into + Math.floor(column * broad / columns);
      if (Math.abs(values[at]) > Math.abs(found[place])) found[place] = values[at];
    }
  }
  return { values: found, rows: tall, columns: broad };
}
