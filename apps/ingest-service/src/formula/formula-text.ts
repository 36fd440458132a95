/** What a formula's text says about where its value comes from. */
export interface FormulaText {
  /** Fields of the record itself, as spelled. */
  readonly own: readonly string[];
  /** Fields of parents, with the relationships on the way: `Account.Owner.Name`, `Owner:User.Name`. */
  readonly paths: readonly string[];
  /** Whether it changes with time alone. */
  readonly usesClock: boolean;
  /** Things it depends on that no record tells, such as `$User.Id`. */
  readonly outside: readonly string[];
}

const textsAndComments = /\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'/g;
const names = /(?<![\w.$:])(\$?[A-Za-z]\w*(?:[.:][A-Za-z]\w*)*)\s*(\()?/g;
const literals: ReadonlySet<string> = new Set(['TRUE', 'FALSE', 'NULL']);
const clocks: ReadonlySet<string> = new Set(['TODAY', 'NOW', 'TIMENOW']);
/** Functions whose value is kept nowhere in the record or its parents. */
const outsideFunctions: ReadonlySet<string> = new Set(['CURRENCYRATE', 'GETSESSIONID', 'VLOOKUP']);
/** The same for everybody and at any time. */
const constants = /^\$(System\.OriginDateTime|Api\b)/i;

/** Reads a formula for what it refers to, not for what it computes: better a name too many than one too few. */
export function readFormula(text: string): FormulaText {
  const own = new Set<string>();
  const paths = new Set<string>();
  const outside = new Set<string>();
  let usesClock = false;
  for (const [, name = '', bracket] of text.replaceAll(textsAndComments, ' ').matchAll(names)) {
    const upper = name.toUpperCase();
    if (bracket !== undefined) {
      usesClock ||= clocks.has(upper);
      if (outsideFunctions.has(upper)) outside.add(`${upper}()`);
    } else if (name.startsWith('$')) {
      if (!constants.test(name)) outside.add(name);
    } else if (/[.:]/.test(name)) {
      paths.add(name);
    } else if (!literals.has(upper)) {
      own.add(name);
    }
  }
  return { own: [...own], paths: [...paths], usesClock, outside: [...outside] };
}
