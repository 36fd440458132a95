// `npm test`: installs when needed, then runs every check and every test. `npm test -- unit lint` runs some stages.
import { lastLine, sum } from './src/counts.mjs';
import { prepare } from './src/prepare.mjs';
import { isStopped, stages } from './src/stages.mjs';

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in stages));
if (unknown.length > 0) {
  console.error(`There is no stage ${unknown.join(', ')}: choose from ${Object.keys(stages).join(', ')}.`);
  process.exit(1);
}

await prepare();
const results = [];
// A failed stage does not keep the others from showing their failures.
for (const [name, run] of Object.entries(stages)) {
  if (isStopped() || (wanted.length > 0 && !wanted.includes(name))) continue;
  console.log(`\n━━ ${name} ${'━'.repeat(70 - name.length)}\n`);
  const startedAt = Date.now();
  results.push({ ...(await run()), seconds: Math.round((Date.now() - startedAt) / 1000) });
}

const passed = !isStopped() && results.every((result) => result.passed);
console.log(`\n━━ summary ${'━'.repeat(63)}\n`);
for (const { name, passed: isGreen, seconds, counts, note, failures = [] } of results) {
  const tests = name === 'unit' || name === 'e2e' ? `${lastLine(counts)}` : '';
  console.log(`${isGreen ? 'passed' : 'FAILED'}  ${name.padEnd(10)} ${String(seconds).padStart(4)} s  ${tests}${note === undefined ? '' : ` (${note})`}`);
  // Named again at the end: who reads only the last lines of a log shall know what failed.
  for (const failure of failures) console.log(`        ${failure}`);
}
if (isStopped()) console.log('The run was stopped.');
console.log(`\n${lastLine(sum(results.map(({ counts }) => counts)))}`);
process.exit(passed ? 0 : 1);
