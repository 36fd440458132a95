export interface ServerSettings {
  readonly port: number;
  /** Whether a committed row survives a power cut; off only for tests. */
  readonly durable: boolean;
}

/** Command line settings of the embedded server: loopback only, no sockets, modest memory. */
export function serverSettings({ port, durable }: ServerSettings): string[] {
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: '200',
    shared_buffers: '128MB',
    password_encryption: 'scram-sha-256',
    max_wal_size: '1GB',
    wal_compression: 'on',
    log_line_prefix: '%m [%p] %u@%d ',
    log_timezone: 'UTC',
    timezone: 'UTC',
    ...(durable ? {} : { fsync: 'off', full_page_writes: 'off' }),
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
