/** Keys of everything read from the server; a key is a path, and invalidating a path invalidates all below it. */
export const keys = {
  session: ['session'],
  metrics: ['metrics'],
  signingKeys: ['signing-keys'],
  members: ['members'],
  invitations: ['invitations'],
  sessions: ['sessions'],
  audit: ['audit'],
  connections: ['connections'],
  ofConnection: (id: string) => ['connection', id],
  connection: (id: string) => ['connection', id, 'state'],
  objects: (id: string) => ['connection', id, 'objects'],
  syncRuns: (id: string) => ['connection', id, 'runs'],
  syncRun: (id: string, runId: string) => ['connection', id, 'run', runId],
  figures: (id: string) => ['connection', id, 'figures'],
  figure: (id: string, query: object) => ['connection', id, 'figures', 'query', JSON.stringify(query)],
  records: (id: string, object: string, query: object) => ['connection', id, 'figures', 'records', object, JSON.stringify(query)],
} as const;
