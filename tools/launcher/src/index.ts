export { resolveNatsServer, type NatsServerProgram, type ResolveOptions } from './nats/resolve-nats-server.ts';
export { startEmbeddedPostgres, type EmbeddedPostgres, type EmbeddedPostgresOptions } from './postgres/embedded-postgres.ts';
export { nodeFlags } from './services/node-flags.ts';
export { startProduct, type Product, type ProductOptions } from './launch/start-product.ts';
export { StartProblem } from './terminal/start-problem.ts';
