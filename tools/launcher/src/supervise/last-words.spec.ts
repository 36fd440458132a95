import { describe, expect, it } from 'vitest';
import { lastWords } from './last-words.ts';

describe('the last words of a process', () => {
  it('are its last fatal line', () => {
    const lines = ['{"level":"info","msg":"starting"}', '{"level":"fatal","msg":"The configuration is wrong. SALESFORCE_LOGIN_URL: must be an origin."}', '{"level":"info","msg":"bye"}'];
    expect(lastWords(lines)).toBe('The configuration is wrong. SALESFORCE_LOGIN_URL: must be an origin.');
  });

  it('are its last error when nothing was fatal, and its last line when nothing was an error', () => {
    expect(lastWords(['{"level":"error","msg":"no bus"}', '{"level":"info","msg":"x"}'])).toBe('no bus');
    expect(lastWords(['{"level":"info","msg":"x"}', 'plain'])).toBe('plain');
    expect(lastWords([])).toBeUndefined();
  });

  it('are understood from nats-server and from a crash of Node', () => {
    expect(lastWords(['[1] 2026/11/25 [INF] Starting', '[1] 2026/11/25 [FTL] Can\'t start JetStream'])).toBe("Can't start JetStream");
    expect(lastWords(['node:internal/modules', 'Error [ERR_MODULE_NOT_FOUND]: Cannot find package', '    at x'])).toBe('Cannot find package');
  });
});
