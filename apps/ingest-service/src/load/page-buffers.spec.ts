import { expect, it } from 'vitest';
import { CsvCopy } from './csv-copy.ts';
import { PageBuffers, type PageBuffer } from './page-buffers.ts';
import { Substitutions } from './substitutions.ts';

const columns = [{ field: 'Name', column: 'name', type: 'text' }] as const;

/** Tuples of a page of one column, read through a buffer. */
function tuplesOf(value: string, buffer?: PageBuffer): string {
  const page = new CsvCopy(columns, {}, new Substitutions(), buffer);
  page.push(Buffer.from(`"Name"\n"${value}"\n`));
  return Buffer.from(page.end()).toString('latin1');
}

it('lends the same buffer page after page, with nothing of an earlier page in it', async () => {
  const buffers = new PageBuffers();
  const lent: PageBuffer[] = [];
  for (const value of ['said ""yes""', 'b', '""']) await buffers.lend(async (buffer) => {
    lent.push(buffer);
    expect(tuplesOf(value, buffer)).toBe(tuplesOf(value));
  });
  expect(new Set(lent).size).toBe(1);
});

it('lends pages that are written at the same time a buffer each', async () => {
  const buffers = new PageBuffers();
  await buffers.lend(async () => undefined);
  await buffers.lend((one) => buffers.lend(async (other) => expect(other).not.toBe(one)));
});

it('lends no buffer again of a page that failed, since bytes of it may still be on their way', async () => {
  const buffers = new PageBuffers();
  let failed: PageBuffer | undefined;
  await expect(buffers.lend(async (buffer) => {
    failed = buffer;
    throw new Error('The link broke.');
  })).rejects.toThrow('The link broke.');
  await buffers.lend(async (buffer) => expect(buffer).not.toBe(failed));
});

it.each([['a long row', 'x'.repeat(600_000)], ['a long value with quotes', `""${'x'.repeat(5_000)}`]])('lets go of a buffer that grew by %s', async (_why, value) => {
  const buffers = new PageBuffers();
  let grown: PageBuffer | undefined;
  await buffers.lend(async (buffer) => {
    grown = buffer;
    tuplesOf(value, buffer);
  });
  await buffers.lend(async (buffer) => expect(buffer).not.toBe(grown));
});
