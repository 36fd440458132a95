import { expect, it } from 'vitest';
import { violationsIn } from './violation-report.ts';

const reported = (body: object, type = 'csp-violation') => ({ type, age: 3, url: 'https://tributary.example/c/x/pipeline', user_agent: 'x', body });

it('reads what the Reporting API sends, without query and without the sample', () => {
  expect(violationsIn([
    reported({ effectiveDirective: 'script-src-elem', blockedURL: 'https://evil.example/a.js?token=s3cret#x', documentURL: 'https://tributary.example/c/x/pipeline?code=s3cret', sourceFile: 'https://tributary.example/assets/index.js?x=1', lineNumber: 7, columnNumber: 40, sample: 's3cret' }),
    reported({ effectiveDirective: 'require-trusted-types-for', blockedURL: 'trusted-types-sink', documentURL: 'https://tributary.example/' }),
    reported({ id: 'old-thing' }, 'deprecation'),
  ])).toEqual([
    { directive: 'script-src-elem', blocked: 'https://evil.example/a.js', page: 'https://tributary.example/c/x/pipeline', source: 'https://tributary.example/assets/index.js:7:40' },
    { directive: 'require-trusted-types-for', blocked: 'trusted-types-sink', page: 'https://tributary.example/', source: '' },
  ]);
});

it('reads what report-uri sends', () => {
  expect(violationsIn({ 'csp-report': { 'document-uri': 'http://localhost:3000/', 'violated-directive': 'script-src-attr \'self\'', 'blocked-uri': 'inline', 'source-file': 'http://localhost:3000/', 'line-number': 1 } })).toEqual([
    { directive: 'script-src-attr', blocked: 'inline', page: 'http://localhost:3000/', source: 'http://localhost:3000/:1' },
  ]);
});

it('takes no text over that somebody made up: what is no directive is unknown, and addresses are of ASCII and bounded', () => {
  const line = 'x\n{"level":"error","msg":"forged"}\u202e\u0000';
  const [violation] = violationsIn([reported({ effectiveDirective: line, blockedURL: `https://evil.example/${line}${'a'.repeat(1_000)}`, documentURL: line, sourceFile: `data:text/html,${line}`, lineNumber: line })]);
  expect(violation).toMatchObject({ directive: 'unknown', page: 'unknown', source: 'data:' });
  expect(violation?.blocked).toMatch(/^https:\/\/evil\.example\/[\x21-\x7e]{1,180}$/);
});

it.each([undefined, null, 1, 'x', [], {}, [null], [[]], { 'csp-report': 1 }, [{ type: 'csp-violation' }]])('finds nothing in %j', (body) => {
  expect(violationsIn(body)).toEqual([]);
});
