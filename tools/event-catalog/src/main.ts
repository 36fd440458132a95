import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { catalogFiles, repository } from './catalog-files.ts';

// Writes the generated documents; schemas of events that no longer exist are removed.
const files = catalogFiles();
const schemas = join(repository, 'docs', 'events');
mkdirSync(schemas, { recursive: true });
for (const name of readdirSync(schemas)) if (!files.has(`docs/events/${name}`)) rmSync(join(schemas, name));
for (const [path, text] of files) {
  mkdirSync(dirname(join(repository, path)), { recursive: true });
  writeFileSync(join(repository, path), text);
}
console.log(`${files.size} files written to docs/`);
