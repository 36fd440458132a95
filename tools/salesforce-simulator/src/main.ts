import { readConfig } from './config.ts';
import { defaultClient } from './options.ts';
import type { Simulator } from './simulator-types.ts';
import { startSimulator } from './simulator.ts';

/** Runs the simulator until it is told to stop. */
async function main(): Promise<void> {
  const config = readConfig();
  const simulator = await startSimulator({
    seed: config.SIMULATOR_SEED, size: config.SIMULATOR_SIZE, moving: config.SIMULATOR_MOVING,
    ports: { login: config.SIMULATOR_LOGIN_PORT, test: config.SIMULATOR_TEST_PORT, org: config.SIMULATOR_ORG_PORT },
    changeEvents: { port: config.SIMULATOR_CHANGE_EVENTS_PORT },
    client: { id: defaultClient.id, secret: defaultClient.secret, redirectUris: config.SIMULATOR_REDIRECT_URIS },
    ...(config.SIMULATOR_STATE_FILE === undefined ? {} : { stateFile: config.SIMULATOR_STATE_FILE }),
  });
  console.log(describe(simulator));
  // Timers of the simulator do not keep a process alive, its servers do until they are closed.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void simulator.stop());
}

function describe({ loginOrigin, testOrigin, orgOrigin, client, users, org, changeEvents }: Simulator): string {
  const records = org.objects.reduce((sum, object) => sum + org.count(object), 0);
  return [
    'Salesforce simulator is ready.',
    `  login (production)   ${loginOrigin}`,
    `  login (sandbox)      ${testOrigin}`,
    `  org (instance_url)   ${orgOrigin}`,
    `  change events        ${changeEvents?.endpoint ?? ''} (gRPC without TLS)`,
    `  client id            ${client.id}`,
    `  first user           ${users[0]?.username ?? ''} (${users.length} users, ${records} records)`,
    `  app set-up           ${loginOrigin}/setup/app (certificate and pre-authorised users)`,
    `  control              ${loginOrigin}/__simulator/`,
  ].join('\n');
}

main().catch((error: unknown) => {
  const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  console.error(taken ? 'A port of the simulator is in use. Set SIMULATOR_LOGIN_PORT, SIMULATOR_TEST_PORT, SIMULATOR_ORG_PORT and SIMULATOR_CHANGE_EVENTS_PORT, or stop what holds it.' : `The simulator did not start: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
