import { startSimulator, type SimulatorOptions } from '@tributary/salesforce-simulator';

/** The launcher hands over its own options; the variable keeps the client's secret off the command line. */
const options = JSON.parse(process.env['TRIBUTARY_SIMULATOR_OPTIONS'] ?? '{}') as SimulatorOptions;
const simulator = await startSimulator(options);

let stopping = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    if (stopping) return;
    stopping = true;
    void simulator.stop().finally(() => process.exit(0));
  });
}
