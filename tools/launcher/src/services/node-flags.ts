import type { ServiceName } from '../secrets/service-keys.ts';

/**
 * What Node is told when a service starts, in a container too.
 * Young objects of ingest-service are small and die at once: left to itself Node keeps up to 128 MB for them, and looks among them for dead buffers the more seldom.
 */
export const nodeFlags: Readonly<Record<ServiceName, readonly string[]>> = { 'auth-service': [], 'ingest-service': ['--max-semi-space-size=16'], 'analytics-service': [], gateway: [] };
