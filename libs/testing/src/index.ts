export { aServiceEnvironment, type ServiceEnvironment, type ServiceKeys, type TestedService } from './service-environment.ts';
export { freePort } from '@tributary/launcher/free-port';
export { TestNats } from './test-nats.ts';
export { until } from './until.ts';
