/** Where in a notebook's file the source of a cell stands, whichever way the file is written. */

/** The end of the string that begins at this quote. */
const stringEnd = (json: string, at: number): number => {
  for (let end = json.indexOf('"', at + 1); ; end = json.indexOf('"', end + 1)) {
    let escapes = 0;
    while (json[end - 1 - escapes] === '\\') escapes++;
    if (escapes % 2 === 0) return end + 1;
  }
};

const GAP = /[\s,:]*/y;
const PLAIN = /[^\s,:{}[\]"]*/y;

const after = (pattern: RegExp, json: string, at: number): number => {
  pattern.lastIndex = at;
  pattern.test(json);
  return pattern.lastIndex;
};

/** Calls back with the place of each value in a list or an object, which begins at `at`; returns where that ends. */
const members = (json: string, at: number, visit: (key: string, at: number) => void): number => {
  const list = json[at] === '[';
  let next = after(GAP, json, at + 1);
  for (let i = 0; json[next] !== ']' && json[next] !== '}'; i++) {
    let key = String(i);
    if (!list) {
      const end = stringEnd(json, next);
      key = JSON.parse(json.slice(next, end)) as string;
      next = after(GAP, json, end);
    }
    visit(key, next);
    next = after(GAP, json, valueEnd(json, next));
  }
  return next + 1;
};

const valueEnd = (json: string, at: number): number => {
  if (json[at] === '"') return stringEnd(json, at);
  return json[at] === '{' || json[at] === '[' ? members(json, at, () => undefined) : after(PLAIN, json, at);
};

const member = (json: string, at: number, wanted: string): number | undefined => {
  let found: number | undefined;
  if (json[at] === '{' || json[at] === '[') {
    members(json, at, (key, place) => {
      if (key === wanted) found = place;
    });
  }
  return found;
};

/** The offset in the file of a line of a cell's source, both from 0. A source may be one string, or a list of lines. */
export const sourcePlace = (json: string, cell: number, line: number): number | undefined => {
  const path = ['cells', String(cell), 'source'];
  const place = path.reduce<number | undefined>(
    (at, key) => (at === undefined ? undefined : member(json, at, key)),
    after(GAP, json, 0),
  );
  if (place === undefined || json[place] === '"') return place;
  return member(json, place, String(line)) ?? place;
};
