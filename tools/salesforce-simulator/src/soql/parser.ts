import type { Aggregate, Comparison, Condition, FieldPath, Literal, Ordering, Query } from './ast.ts';
import { atPlace, SoqlError } from './soql-error.ts';
import { tokenize, type Token } from './tokens.ts';

const maxLength = 100_000;
const aggregateNames = ['COUNT', 'COUNT_DISTINCT', 'SUM', 'AVG', 'MIN', 'MAX'] as const;
const rangeName = /^(?:YESTERDAY|TODAY|TOMORROW|(?:LAST|THIS|NEXT)_(?:WEEK|MONTH|QUARTER|YEAR|FISCAL_QUARTER|FISCAL_YEAR|90_DAYS)|(?:LAST|NEXT)_N_(?:DAYS|WEEKS|MONTHS|QUARTERS|YEARS|FISCAL_QUARTERS|FISCAL_YEARS):\d+|N_(?:DAYS|WEEKS|MONTHS|YEARS)_AGO:\d+)$/;

/** @throws SoqlError `MALFORMED_QUERY` */
export function parseSoql(soql: string): Query {
  if (soql.length > maxLength) throw new SoqlError('MALFORMED_QUERY', 'SOQL statements can not be longer than 100000 characters');
  return new Parser(soql).query();
}

class Parser {
  readonly #soql: string;
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(soql: string) {
    this.#soql = soql;
    this.#tokens = tokenize(soql);
  }

  query(): Query {
    this.#expect('SELECT');
    const selected = this.#selection();
    this.#expect('FROM');
    const object = this.#name();
    if (this.#next.kind === 'name' && !/^(WHERE|ORDER|LIMIT|OFFSET|GROUP|USING|WITH|FOR|HAVING|ALL)$/i.test(this.#next.text)) this.#take();
    const where = this.#accept('WHERE') ? this.#condition() : undefined;
    const groupBy = this.#accept('GROUP') ? (this.#expect('BY'), this.#list(() => this.#path())) : [];
    const orderBy = this.#accept('ORDER') ? (this.#expect('BY'), this.#list(() => this.#ordering())) : [];
    const limit = this.#accept('LIMIT') ? this.#integer() : undefined;
    const offset = this.#accept('OFFSET') ? this.#integer() : undefined;
    if (this.#next.kind !== 'end') throw this.#unexpected();
    return { text: this.#soql, ...selected, object: object.text, objectOffset: object.offset, where, groupBy, orderBy, limit, offset };
  }

  #selection(): Pick<Query, 'fields' | 'aggregates' | 'count' | 'hasSubquery'> {
    const fields: FieldPath[] = [];
    const aggregates: Aggregate[] = [];
    let count = false;
    let hasSubquery = false;
    this.#list(() => {
      if (this.#is('(')) {
        this.#skipParentheses();
        hasSubquery = true;
        return;
      }
      const name = this.#name();
      if (!this.#accept('(')) {
        fields.push({ path: name.text, offset: name.offset });
        return;
      }
      const fn = aggregateNames.find((known) => known === name.text.toUpperCase());
      if (fn === undefined) throw this.#unexpected(name);
      if (fn === 'COUNT' && this.#accept(')')) {
        count = true;
        return;
      }
      const field = this.#path();
      this.#expect(')');
      const alias = this.#next.kind === 'name' && !this.#is('FROM') ? this.#take().text : undefined;
      aggregates.push({ fn, field, alias });
    });
    if (count && fields.length + aggregates.length > 0) throw this.#unexpected();
    return { fields, aggregates, count, hasSubquery };
  }

  #condition(): Condition {
    const first = this.#negated();
    const word = this.#is('AND') ? 'AND' : this.#is('OR') ? 'OR' : undefined;
    if (word === undefined) return first;
    const parts = [first];
    while (this.#accept(word)) parts.push(this.#negated());
    // Salesforce wants parentheses where AND and OR meet.
    if (this.#is('AND') || this.#is('OR')) throw this.#unexpected();
    return { kind: word === 'AND' ? 'and' : 'or', parts };
  }

  #negated(): Condition {
    if (this.#accept('NOT')) return { kind: 'not', part: this.#negated() };
    if (this.#accept('(')) {
      const inner = this.#condition();
      this.#expect(')');
      return inner;
    }
    return this.#comparison();
  }

  #comparison(): Condition {
    const field = this.#path();
    const comparison = this.#operator();
    const many = comparison === 'IN' || comparison === 'NOT IN' || comparison === 'INCLUDES' || comparison === 'EXCLUDES';
    if (!many) return { kind: 'compare', field, comparison, values: [this.#literal()] };
    this.#expect('(');
    const values = this.#list(() => this.#literal());
    this.#expect(')');
    return { kind: 'compare', field, comparison, values };
  }

  #operator(): Comparison {
    const token = this.#take();
    switch (token.text.toUpperCase()) {
      case '=': case '<': case '<=': case '>': case '>=': case '!=': return token.text === '!=' ? '!=' : toComparison(token.text);
      case '<>': return '!=';
      case 'LIKE': return 'LIKE';
      case 'IN': return 'IN';
      case 'INCLUDES': return 'INCLUDES';
      case 'EXCLUDES': return 'EXCLUDES';
      case 'NOT':
        this.#expect('IN');
        return 'NOT IN';
      default: throw this.#unexpected(token);
    }
  }

  #literal(): Literal {
    const token = this.#take();
    switch (token.kind) {
      case 'string': return { kind: 'string', value: token.text };
      case 'number': return { kind: 'number', value: Number(token.text) };
      case 'date': return { kind: 'date', value: token.text };
      case 'datetime': return { kind: 'datetime', value: new Date(token.text.replace(/([+-]\d{2})(\d{2})$/, '$1:$2')).toISOString() };
      case 'name': {
        const word = token.text.toUpperCase();
        if (word === 'NULL') return { kind: 'null' };
        if (word === 'TRUE' || word === 'FALSE') return { kind: 'boolean', value: word === 'TRUE' };
        if (rangeName.test(word)) return { kind: 'range', name: word };
        throw this.#unexpected(token);
      }
      default: throw this.#unexpected(token);
    }
  }

  #ordering(): Ordering {
    const field = this.#path();
    const descending = this.#accept('DESC');
    if (!descending) this.#accept('ASC');
    if (!this.#accept('NULLS')) return { field, descending, nullsLast: descending };
    if (this.#accept('FIRST')) return { field, descending, nullsLast: false };
    this.#expect('LAST');
    return { field, descending, nullsLast: true };
  }

  #integer(): number {
    const token = this.#take();
    if (token.kind !== 'number' || !/^\d+$/.test(token.text)) throw this.#unexpected(token);
    return Number(token.text);
  }

  #path(): FieldPath {
    const { text, offset } = this.#name();
    return { path: text, offset };
  }

  #name(): Token {
    const token = this.#take();
    if (token.kind !== 'name' || /^(FROM|WHERE|AND|OR)$/i.test(token.text)) throw this.#unexpected(token);
    return token;
  }

  #list<T>(item: () => T): T[] {
    const items = [item()];
    while (this.#accept(',')) items.push(item());
    return items;
  }

  #skipParentheses(): void {
    let depth = 0;
    do {
      const token = this.#take();
      if (token.kind === 'end') throw this.#unexpected(token);
      if (token.kind === 'operator' && token.text === '(') depth += 1;
      if (token.kind === 'operator' && token.text === ')') depth -= 1;
    } while (depth > 0);
  }

  get #next(): Token {
    return this.#tokens[this.#at] ?? { kind: 'end', text: '<EOF>', offset: this.#soql.length };
  }

  #take(): Token {
    const token = this.#next;
    this.#at += 1;
    return token;
  }

  #is(word: string): boolean {
    return this.#next.kind !== 'string' && this.#next.text.toUpperCase() === word;
  }

  #accept(word: string): boolean {
    if (!this.#is(word)) return false;
    this.#at += 1;
    return true;
  }

  #expect(word: string): void {
    if (!this.#accept(word)) throw this.#unexpected();
  }

  #unexpected(token: Token = this.#next): SoqlError {
    return new SoqlError('MALFORMED_QUERY', atPlace(this.#soql, token.offset, `unexpected token: '${token.text}'`));
  }
}

function toComparison(text: string): Comparison {
  switch (text) {
    case '<': return '<';
    case '<=': return '<=';
    case '>': return '>';
    case '>=': return '>=';
    default: return '=';
  }
}
