import { type Checker, type Symbol as Named, NodeBuilderFlags, SymbolFlags, type Type } from 'typescript/unstable/sync';

/** What the name at an offset is, as an editor shows it. */
export interface Inspection {
  /** One line of TypeScript, or a few. */
  readonly signature: string;
  /** The comment, and the tags that it ends in. */
  readonly documentation: string;
}

/** @param type of the place, which is narrower than the symbol's where the code has asked. */
export const inspected = (checker: Checker, symbol: Named, type: Type): Inspection => {
  const meant = symbol.flags & SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const comment = meant.getDocumentationComment(checker) || symbol.getDocumentationComment(checker);
  const tags = meant.getJsDocTags(checker).map(({ name, text = '' }) => `@${name} ${text}`.trim());
  const isType = (meant.flags & SymbolFlags.Value) === 0 && (meant.flags & SymbolFlags.Type) !== 0;
  return {
    signature: isType ? declaration(checker, symbol.name, meant) : `${symbol.name}: ${checker.typeToString(type)}`,
    documentation: [comment, tags.join('\n')].filter(part => part !== '').join('\n\n'),
  };
};

const MOST_MEMBERS = 30;
/** What an alias stands for, instead of its name. */
const INSIDE = NodeBuilderFlags.InTypeAlias | NodeBuilderFlags.UseAliasDefinedOutsideCurrentScope;

/** An interface is told by its members. */
const declaration = (checker: Checker, name: string, symbol: Named): string => {
  const type = checker.getDeclaredTypeOfSymbol(symbol);
  if (!(symbol.flags & SymbolFlags.Interface)) return `type ${name} = ${checker.typeToString(type, undefined, INSIDE)}`;
  const members = checker.getPropertiesOfType(type);
  const lines = members.slice(0, MOST_MEMBERS).map(member => {
    const optional = member.flags & SymbolFlags.Optional ? '?' : '';
    const found = checker.getTypeOfSymbol(member);
    return `  ${member.name}${optional}: ${found ? checker.typeToString(found) : 'any'};`;
  });
  const rest = members.length > MOST_MEMBERS ? [`  // ${members.length - MOST_MEMBERS} more`] : [];
  return [`interface ${name} {`, ...lines, ...rest, '}'].join('\n');
};
