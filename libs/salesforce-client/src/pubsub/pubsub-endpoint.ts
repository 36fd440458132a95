import { InvalidInput } from '@tributary/failures';

/** Where the Pub/Sub API listens. */
export interface PubSubEndpoint {
  /** `host:port`. */
  readonly address: string;
  /** False only for a simulator on loopback. */
  readonly tls: boolean;
}

const globalAddress = 'api.pubsub.salesforce.com:7443';
const salesforceAddress = /^api(?:\.[a-z]{2,8})?\.pubsub\.salesforce\.com:(?:7443|443)$/;
const loopbackAddress = /^(?:localhost|127\.0\.0\.1|\[::1\]):\d{1,5}$/;

/**
 * Salesforce's own address unless another is configured; none when only simulators on this machine stand in for Salesforce. A loopback address is spoken to without TLS, and taken only when every configured
 * origin is loopback too: a token of a real org never leaves in clear.
 * @throws InvalidInput `PUBSUB_ENDPOINT_NOT_ALLOWED`
 */
export function pubSubEndpoint(configured: string | undefined, extraOrigins: readonly string[]): PubSubEndpoint | undefined {
  const simulated = extraOrigins.length > 0 && extraOrigins.every(isLoopback);
  if (configured === undefined && simulated) return undefined;
  const address = configured ?? globalAddress;
  if (salesforceAddress.test(address)) return { address, tls: true };
  if (loopbackAddress.test(address) && simulated) return { address, tls: false };
  throw new InvalidInput('PUBSUB_ENDPOINT_NOT_ALLOWED', 'The address of the Pub/Sub API is neither Salesforce\'s nor that of a simulator on this machine.', { action: 'Leave SALESFORCE_PUBSUB_ENDPOINT empty.' });
}

/** Whether an instance may be named in a call to an endpoint: one without TLS hears of loopback instances only, Salesforce's own of no loopback instance. */
export function mayHear({ tls }: PubSubEndpoint, instanceUrl: string): boolean {
  return tls !== isLoopback(instanceUrl);
}

function isLoopback(origin: string): boolean {
  const host = URL.parse(origin)?.hostname;
  return host === 'localhost' || host === '127.0.0.1' || host === '[::1]';
}
