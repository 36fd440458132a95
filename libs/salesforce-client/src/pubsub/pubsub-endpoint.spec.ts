import { expect, it } from 'vitest';
import { mayHear, pubSubEndpoint } from './pubsub-endpoint.ts';
import { classifyPubSub } from './pubsub-failure.ts';
import { stubClass } from './wire.ts';

const simulator = ['http://localhost:3100'];

it('speaks to Salesforce by TLS, to a simulator only where nothing else stands in for Salesforce', () => {
  expect(pubSubEndpoint(undefined, [])).toEqual({ address: 'api.pubsub.salesforce.com:7443', tls: true });
  expect(pubSubEndpoint('api.deu.pubsub.salesforce.com:7443', [])).toEqual({ address: 'api.deu.pubsub.salesforce.com:7443', tls: true });
  expect(pubSubEndpoint('localhost:3103', simulator)).toEqual({ address: 'localhost:3103', tls: false });
  expect(pubSubEndpoint(undefined, simulator)).toBeUndefined();
});

it.each(['evil.example:7443', 'api.pubsub.salesforce.com.evil.example:7443', 'api.pubsub.salesforce.com:80', '10.0.0.1:7443'])('does not speak to %s', (address) => {
  expect(() => pubSubEndpoint(address, simulator)).toThrow('neither Salesforce\'s nor that of a simulator');
});

it('does not speak to this machine while a real org may be named', () => {
  expect(() => pubSubEndpoint('localhost:3103', [])).toThrow();
  expect(() => pubSubEndpoint('localhost:3103', [...simulator, 'https://acme.my.salesforce.com'])).toThrow();
});

it('tells no token of a real org without TLS, and Salesforce no token of a simulator', () => {
  expect(mayHear({ address: 'localhost:3103', tls: false }, 'https://acme.my.salesforce.com')).toBe(false);
  expect(mayHear({ address: 'api.pubsub.salesforce.com:7443', tls: true }, 'http://localhost:3102')).toBe(false);
  expect(mayHear({ address: 'api.pubsub.salesforce.com:7443', tls: true }, 'https://acme.my.salesforce.com')).toBe(true);
});

it('can subscribe and read schemas, and nothing else', () => {
  expect(Object.keys((stubClass() as unknown as { service: object }).service).toSorted()).toEqual(['GetSchema', 'Subscribe']);
});

it.each([
  [16, 'sfdc.platform.eventbus.grpc.service.auth.error', 'renew-token'],
  [3, 'sfdc.platform.eventbus.grpc.subscription.fetch.replayid.corrupted', 'start-anew'],
  [3, 'sfdc.platform.eventbus.grpc.topic.invalid', 'not-offered'],
  [8, 'sfdc.platform.eventbus.grpc.subscription.limit.exceeded', 'wait-for-allocation'],
  [7, '', 'not-offered'],
  [14, '', 'reconnect'],
] as const)('answers status %i with code "%s" by: %s', (status, code, reaction) => {
  expect(classifyPubSub(status, code)).toBe(reaction);
});

it('does not come back for a message that is too large to take', () => {
  expect(classifyPubSub(8, '', 'Received message larger than max (5000000 vs 4194304)')).toBe('start-anew');
});
