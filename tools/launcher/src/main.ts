import { Launch } from './launch/launch.ts';
import { readSettings } from './settings/settings.ts';
import { Progress } from './terminal/progress.ts';
import { messageOf, StartProblem } from './terminal/start-problem.ts';

const progress = new Progress((line) => void process.stdout.write(`${line}\n`));
let launch: Launch | undefined;
let asked = 0;
let askedAt = 0;

/** One Ctrl-C may arrive twice: from the terminal and from the npm that was interrupted by it. */
const sameWishMs = 1_000;

/** The first wish stops in good order, the second at once. */
async function stop(code: number): Promise<void> {
  if (asked > 0 && performance.now() - askedAt < sameWishMs) return;
  asked += 1;
  askedAt = performance.now();
  if (asked > 2) return;
  if (asked === 2) {
    await launch?.kill();
    process.exit(1);
  }
  if (code === 0) progress.say('Stopping …');
  await launch?.stop();
  if (code === 0) progress.say('Stopped; nothing is left running.');
  process.exit(code);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(0));
// Whoever started this process holds the other end of the channel; when they are gone, nobody could stop it.
process.on('disconnect', () => void stop(0));
process.channel?.unref();
// A terminal that is gone must not keep the processes from being stopped.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

try {
  launch = new Launch(readSettings(process.env), process.env, progress);
  const launched = await launch.start();
  process.send?.({ ready: launched });
} catch (error) {
  if (asked === 0) {
    process.stderr.write(`\n${error instanceof StartProblem ? error.message : `Tributary does not start: ${messageOf(error)}`}\n`);
    if (!(error instanceof StartProblem) && process.env['TRIBUTARY_LOG_LEVEL'] === 'debug') console.error(error);
  }
  await stop(1);
}
