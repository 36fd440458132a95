import 'vitest';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Address of the superuser on the PostgreSQL server of this run. */
    readonly postgresUrl: string;
    /** Path of the nats-server program. */
    readonly natsServer: string;
  }
}
