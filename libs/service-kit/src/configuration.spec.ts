import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { portVariable } from './common-variables.ts';
import { readConfiguration } from './configuration.ts';

it('reads a value from the file that NAME_FILE names', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'tributary-')), 'key');
  writeFileSync(file, 'from-file\n');
  expect(readConfiguration({ KEY: z.string() }, { KEY_FILE: file, KEY: 'from-variable' })).toEqual({ KEY: 'from-file' });
});

it('names every wrong variable at once and never prints a value', () => {
  const read = () => readConfiguration({ PORT: portVariable, SECRET: z.string().length(3, 'must have three characters'), NAME: z.string('is required') }, { PORT: 'eighty', SECRET: 'hunter2' });
  expect(read).toThrow(/PORT: must be a port number.*SECRET: must have three characters.*NAME: is required/);
  expect(read).not.toThrow(/hunter2|eighty/);
});

it('says which file cannot be read', () => {
  expect(() => readConfiguration({ KEY: z.string() }, { KEY_FILE: '/does/not/exist' })).toThrow(/KEY_FILE: the file cannot be read/);
});
