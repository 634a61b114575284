import { child, list, type Node, text } from './ast.js';

/**
 * A name whose type says all is declared by one line in the cells that mention it. Its cell's module is then needed no
 * more: a program of thousands of modules is slow, and what one function infers from another is inferred anew by every
 * check.
 */
export interface SingleLine {
  readonly name: string;
  /** Of the name, in the cell. */
  readonly at: number;
  /** Its type, where the cell says it itself: then nobody has to be asked. */
  readonly type: string | undefined;
  /** The declaration; undefined where the type is none that can be said in a line. */
  line(type: string): string | undefined;
}

const NAME = '[\\p{ID_Start}$_][\\p{ID_Continue}$]*';
const PRIMITIVE = 'number|string|boolean|bigint|symbol|any|unknown|undefined|null|void';
const unionOf = (one: string): string => `(?:${one})(?:\\[\\])*(?: \\| (?:${one})(?:\\[\\])*)*`;
/** Of objects that hold others so many levels deep. */
const typeOf = (deep: number): string =>
  unionOf(deep === 0 ? PRIMITIVE : `${PRIMITIVE}|\\{ (?:${NAME}\\??: ${typeOf(deep - 1)}; )+\\}`);
const TYPE = typeOf(2);
const PARAMETER = `(?:\\.\\.\\.)?${NAME}\\??: ${TYPE}`;
const ANY_SIMPLE = new RegExp(`^${TYPE}$`, 'u');
const SIGNATURE = new RegExp(`^(\\((?:${PARAMETER}(?:, ${PARAMETER})*)?\\)) => (${TYPE})$`, 'u');

/** Of the names that the cell declares; none of a cell that declares types, or has comments that tell of a name. */
export const singleLines = (code: string, program: Node): SingleLine[] => {
  const body = list(program, 'body');
  if (code.includes('/**') || !body.every(({ type }) => PLAIN.has(type))) return [];
  const found = body.flatMap(statement => ofStatement(code, statement));
  const names = found.map(({ name }) => name);
  return found.filter(({ name }) => names.indexOf(name) === names.lastIndexOf(name));
};

const PLAIN = new Set([
  'ExpressionStatement',
  'EmptyStatement',
  'ImportDeclaration',
  'VariableDeclaration',
  'FunctionDeclaration',
]);

const ofStatement = (code: string, statement: Node): SingleLine[] => {
  if (statement.type === 'FunctionDeclaration') return [ofFunction(code, statement)];
  if (statement.type !== 'VariableDeclaration' || statement.declare === true) return [];
  return list(statement, 'declarations').flatMap(each => ofVariable(code, String(statement.kind), each));
};

const ofFunction = (code: string, declaration: Node): SingleLine => {
  const id = child(declaration, 'id')!;
  const name = text(id, 'name');
  const result = child(declaration, 'returnType');
  const said = result && `${code.slice(id.end, result.start).trim()} => ${typeIn(code, result)}`;
  return {
    name,
    at: id.start,
    type: said !== undefined && SIGNATURE.test(said) ? said : undefined,
    line(type) {
      const [, parameters, result] = SIGNATURE.exec(type) ?? [];
      return result && `declare function ${name}${parameters}: ${result};`;
    },
  };
};

const ofVariable = (code: string, kind: string, declarator: Node): SingleLine[] => {
  const id = child(declarator, 'id');
  if (id?.type !== 'Identifier' || !/^(?:const|let|var)$/.test(kind)) return [];
  const name = text(id, 'name');
  const init = child(declarator, 'init');
  const literal = init?.type === 'Literal' && /^(?:number|string|boolean)$/.test(typeof init.value);
  const annotation = child(id, 'typeAnnotation');
  const said = annotation ? typeIn(code, annotation) : '';
  const type = (literal && kind === 'const' && !annotation) || ANY_SIMPLE.test(said) ? said : undefined;
  const line = (type: string) => {
    // Its type is that of the literal, and wider where a variable takes it over.
    if (kind === 'const' && literal && !annotation)
      return `declare const ${name} = ${code.slice(init.start, init.end)};`;
    const known = ANY_SIMPLE.test(type) || (kind === 'const' && SIGNATURE.test(type));
    return known ? `declare ${kind === 'const' ? 'const' : 'let'} ${name}: ${type};` : undefined;
  };
  return [{ name, at: id.start, type, line }];
};

/** Without the colon. */
const typeIn = (code: string, annotation: Node): string =>
  code.slice(annotation.start, annotation.end).replace(/^:\s*/, '');
