export { startSimulator } from './simulator.ts';
export { type Simulator, type SimulatorUser } from './simulator-types.ts';
export { defaultClient, type SimulatorOptions } from './options.ts';
export { type Settings } from './control/settings.ts';
export { type Fault, type FaultAnswer } from './control/faults.ts';
export { type LogEntry } from './control/request-log.ts';
export { type ApprovalOptions } from './control/person.ts';
export { type FieldInput, type ObjectInput } from './org/org-control.ts';
export { type FieldValue, type Row } from './org/value.ts';
