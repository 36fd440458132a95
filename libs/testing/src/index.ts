export { aServiceEnvironment, type ServiceEnvironment, type ServiceKeys, type TestedService } from './service-environment.ts';
export { TestNats, freePort } from './test-nats.ts';
export { until } from './until.ts';
