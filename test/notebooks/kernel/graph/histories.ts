import { withKernel } from '../client.js';

/**
 * Random notebooks, edited and run in random orders, in a kernel that runs stale cells again: what a cell shows has to
 * be what it shows when all cells are run from the top in a process of their own. The fresh run is JavaScript's own.
 */
export interface Compared {
  readonly notebooks: number;
  readonly runs: number;
  /** Runs of which a fresh run has something to say: it gets as far as the cell. */
  readonly compared: number;
  /** Of these, the ones that a fresh run refuses. */
  readonly refused: number;
  readonly differences: readonly string[];
}

interface Cell {
  readonly id: string;
  readonly text: Text;
}

/** A cell as a notebook has it, and as a part of one function. */
interface Text {
  readonly cell: string;
  readonly plain: string;
  readonly declares: readonly string[];
  /** All names of other cells. */
  readonly free: readonly string[];
}

type Random = (below: number) => number;

const random = (seed: number): Random => {
  let state = seed >>> 0;
  return below => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
};

/** Names say what they are: n a number, l a list, f a function, K a class, o an instance, h a closure of an old value. */
const KINDS = ['n', 'n', 'l', 'f', 'K', 'o', 'h'] as const;
const EACH = 3;

/** @param names that the cells above declare @param kept what the cell declared before, which an edit mostly keeps */
const text = (rng: Random, suffix: string, names: readonly string[], kept?: string): Text => {
  const free = new Set<string>();
  const own = new Set<string>();
  const kind = kept?.[0] ?? KINDS[rng(KINDS.length)]!;
  const name = kept ?? `${kind}${rng(EACH)}${suffix}`;
  const pick = (kind: string): string | undefined => {
    const found = names.filter(each => each[0] === kind && each !== name);
    const picked = found[rng(found.length)];
    if (picked !== undefined) free.add(picked);
    return picked;
  };
  const term = (): string => {
    const kind = 'nnlfoh'[rng(6)]!;
    const name = pick(kind);
    if (name === undefined) return String(rng(9));
    return { n: name, l: `${name}.length`, f: `${name}()`, o: `${name}.n`, h: `${name}()` }[kind]!;
  };
  const number = (): string => `(${term()} + ${term()} * ${1 + rng(4)}) % 97`;
  const lines: { cell: string; plain: string }[] = [];
  const same = (line: string) => lines.push({ cell: line, plain: line });
  const declare = (name: string, value: string, keyword = 'let') => {
    own.add(name);
    lines.push({ cell: `${keyword} ${name} = ${value};`, plain: `var ${name} = ${value};` });
  };
  const change = () => {
    const kind = 'nlof'[rng(4)]!;
    const name = pick(kind);
    if (name === undefined) return;
    if (kind === 'n') same(rng(2) === 0 ? `${name} += ${1 + rng(5)};` : `${name} = ${number()};`);
    if (kind === 'l') same(rng(3) === 0 ? `${name}[0] = ${number()};` : `${name}.push(${number()});`);
    if (kind === 'o') same(rng(2) === 0 ? `${name}.grow();` : `${name}.n = ${number()};`);
    if (kind === 'f') same(`${name}();`);
  };
  if (kept !== undefined || rng(4) > 0) {
    if (kind === 'n') declare(name, number());
    if (kind === 'l') {
      const other = rng(3) === 0 ? pick('l') : undefined;
      declare(name, other === undefined ? `[${number()}, ${number()}]` : other, 'const');
    }
    if (kind === 'f') {
      const count = pick('n');
      const body = count === undefined || rng(2) === 0 ? `return ${number()};` : `${count} += 1; return ${count} % 97;`;
      declare(name, `(): number => { ${body} }`, 'const');
    }
    if (kind === 'K') {
      const head = `{ n = ${number()}; grow() { this.n += ${1 + rng(3)}; } }`;
      own.add(name);
      lines.push({ cell: `class ${name} ${head}`, plain: `var ${name} = class ${head};` });
    }
    if (kind === 'o') {
      const maker = pick('K');
      declare(name, maker === undefined ? `{ n: ${number()}, grow() { this.n += 1; } }` : `new ${maker}()`, 'const');
    }
    if (kind === 'h') declare(name, `(v => () => v)(${number()})`, 'const');
  }
  if (rng(3) === 0) change();
  const shown = [...own, ...free].filter(each => each[0] !== 'K');
  const value = (each: string) => ({ n: each, l: `${each}.join()`, o: `${each}.n` })[each[0]!] ?? `${each}()`;
  const last = `JSON.stringify([${shown.map(value).join(', ')}])`;
  const typed = (line: string) => line.replace('(v => ', '((v: number) => ').replace('grow() {', 'grow(): void {');
  return {
    cell: [...lines.map(line => typed(line.cell)), last].join('\n'),
    // A cell's own names have no value until it gives them one.
    plain: [
      ...[...own].map(each => `var ${each} = undefined;`),
      ...lines.map(line => line.plain.replace('(): number =>', '() =>')),
      `result = ${last};`,
    ].join('\n'),
    declares: [...own],
    free: [...free].filter(each => !own.has(each)),
  };
};

const REFUSED = 'refused';

/** What a fresh run shows for the last of these cells; undefined where it does not get there. */
const freshly = (cells: readonly Cell[]): string | undefined => {
  const declared = new Set<string>();
  for (const { text } of cells) {
    if (text.free.some(name => !declared.has(name))) return text === cells.at(-1)!.text ? REFUSED : undefined;
    for (const name of text.declares) declared.add(name);
  }
  const body = cells.map(({ text }, at) => `at = ${at};\n${text.plain}`).join('\n');
  const run = new Function(
    `var at, result;\ntry {\n${body}\n} catch { result = undefined; }\nreturn [at, result];`,
  ) as () => [number, string?];
  const [last, shown] = run();
  if (last < cells.length - 1) return undefined;
  return shown ?? REFUSED;
};

const namesAbove = (cells: readonly Cell[]): string[] => [...new Set(cells.flatMap(({ text }) => text.declares))];

/** @param seeds one notebook each, so many in one kernel after the other */
export const compareHistories = (seeds: readonly number[], steps = 10): Promise<Compared> =>
  withKernel({ env: { TSNB_STALE: 'rerun' } }, async kernel => {
    const differences: string[] = [];
    const counts = { runs: 0, compared: 0, refused: 0 };
    for (const seed of seeds) {
      const rng = random(seed * 7919 + 1);
      const suffix = `_${seed}`;
      let cells: Cell[] = [];
      let deleted: string[] = [];
      const log: string[] = [];
      const run = async ({ id, text }: Cell) => {
        const { reply, result } = await kernel.execute(text.cell, { metadata: { cellId: id, deletedCells: deleted } });
        deleted = [];
        const wanted = freshly(cells.slice(0, cells.findIndex(cell => cell.id === id) + 1));
        const status = String(reply.content.status);
        const said = `${String(reply.content.ename)}: ${String(reply.content.evalue)}`;
        const shown = status === 'ok' ? JSON.parse(JSON.stringify(result ?? '').replace(/'/g, '')) : REFUSED;
        log.push(`${id}: ${text.cell.replaceAll('\n', ' ')}  → ${status === 'ok' ? shown : said}`);
        counts.runs++;
        if (wanted === undefined) return;
        counts.compared++;
        if (wanted === REFUSED) counts.refused++;
        if (shown !== wanted) differences.push(`seed ${seed}, a fresh run: ${wanted}\n${log.join('\n')}`);
      };
      const add = () => {
        const cell = { id: `${seed}-${log.length}-${cells.length}`, text: text(rng, suffix, namesAbove(cells)) };
        cells.push(cell);
        return cell;
      };
      for (let count = 0; count < 4 + rng(4); count++) await run(add());
      for (let step = 0; step < steps; step++) {
        const at = rng(cells.length);
        const cell = cells[at]!;
        const what = rng(10);
        if (what < 4) await run(cell);
        else if (what < 8) {
          const kept = rng(8) > 0 ? cell.text.declares[0] : undefined;
          const edited = { ...cell, text: text(rng, suffix, namesAbove(cells.slice(0, at)), kept) };
          cells[at] = edited;
          await run(edited);
        } else if (what < 9) await run(add());
        else if (cells.length > 3) {
          cells = cells.filter(each => each !== cell);
          deleted.push(cell.id);
        }
      }
      for (const cell of cells) await run(cell);
    }
    return { notebooks: seeds.length, ...counts, differences };
  });
