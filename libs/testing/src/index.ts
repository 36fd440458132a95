export { aServiceEnvironment, type ServiceEnvironment, type ServiceKeys } from './service-environment.ts';
export { prepareDatabases, type TestedService } from './test-database.ts';
export { freePort } from '@tributary/launcher/free-port';
export { FaultProxy, type ProxyFaults } from './fault-proxy/fault-proxy.ts';
export type { LinkFaults } from './fault-proxy/link-faults.ts';
export { isLetGo } from './let-go.ts';
export { secretsInMemory } from './process-memory.ts';
export { TestNats } from './test-nats.ts';
export { until } from './until.ts';
