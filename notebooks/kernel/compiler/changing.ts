import { list, type Node } from './ast.js';
import { type MethodCall, MUTATING } from './effects.js';

/** The types of the expressions that end at these offsets, as TypeScript writes them. */
export type TypesAt = (offsets: readonly number[]) => readonly string[];

/** Called for what they do elsewhere, or with the values that they are given. */
const HARMLESS =
  /^(?:forEach|then|catch|finally|call|apply|bind|print|log|show|display|render|plot|warn|info|error|test|exec|assert.*|(?:to|is|get|has)(?:[A-Z].*)?|map|filter|some|every|find.*|slice|join|concat|at|keys|values|entries)$/;
const COLLECTION =
  /^(?:.*\[\]|(?:Array|Set|Map|WeakSet|WeakMap|URLSearchParams|Headers|FormData|Big(?:Int|Uint)64Array|(?:Int|Uint|Float)\d+(?:Clamped)?Array|Buffer|DataView)\b.*|\w*(?:Generator|Iterator)\b.*)$/s;
const VOID = /=> (?:Promise<)?(?:void|undefined)>?$/;

/**
 * Whether a call of a method changes its object, as far as one can tell: one of the language's collections says so by
 * its type; of others one knows that nobody looks at what the call returns, so it was called for what it does.
 */
export const changing = (program: Node, typesAt: TypesAt | undefined): ((call: MethodCall) => boolean) => {
  const last = list(program, 'body').at(-1);
  const known = new Map<number, boolean>();
  const byType = ({ object, at, unused }: MethodCall, builtIn: boolean, ask: TypesAt): boolean => {
    const [type = '', signature = ''] = ask([object, at]);
    if (builtIn && COLLECTION.test(type)) return true;
    return unused && VOID.test(signature);
  };
  return call => {
    const { method, unused, at } = call;
    // The notebook shows what the last expression returns.
    const dropped = unused && !(last !== undefined && at >= last.start);
    const builtIn = MUTATING.test(method);
    if (HARMLESS.test(method)) return false;
    if (dropped) return true;
    if (!builtIn && !unused) return false;
    const found = known.get(at) ?? (typesAt ? byType(call, builtIn, typesAt) : builtIn);
    known.set(at, found);
    return found;
  };
};
