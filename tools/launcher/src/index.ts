export { resolveNatsServer, type NatsServerProgram } from './nats/resolve-nats-server.ts';
export { startEmbeddedPostgres, type EmbeddedPostgres, type EmbeddedPostgresOptions } from './postgres/embedded-postgres.ts';
