export { MessagingModule, BUS_CONNECTION } from './messaging.module.ts';
export { OnEvent, OnRequest } from './handlers.ts';
export { decodeReply } from './reply-codec.ts';
export { RequestClient } from './request-client.ts';
export { LivePublisher, LiveSubscriber } from './live.ts';
export { OutboxRelay } from './outbox-relay.ts';
export { Reconciler } from './reconciler.ts';
export { DeadLetters } from './dead-letters.ts';
export { connectBus, type BusAddress } from './bus-connection.ts';
