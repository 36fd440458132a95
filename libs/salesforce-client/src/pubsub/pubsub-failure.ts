import { Unavailable } from '@tributary/failures';

/**
 * What a subscriber does next: `renew-token` and come back · `start-anew` from the present, after a poll · `wait-for-allocation` of the next hours ·
 * `not-offered` by this org or to this user · `reconnect` later.
 */
export type PubSubReaction = 'renew-token' | 'start-anew' | 'wait-for-allocation' | 'not-offered' | 'reconnect';

/** A call of the Pub/Sub API that ended other than well. Its message holds no token. */
export class PubSubFailure extends Unavailable {
  constructor(
    readonly reaction: PubSubReaction,
    /** Salesforce's own code, such as `sfdc.platform.eventbus.grpc.subscription.limit.exceeded`; empty when it gave none. */
    readonly errorCode: string,
    message: string,
  ) {
    super('PUBSUB_CALL_FAILED', message, { details: { reaction, errorCode } });
  }
}

/** Numbers of the gRPC statuses that mean something here. */
const invalidArgument = 3;
const notFound = 5;
const permissionDenied = 7;
const resourceExhausted = 8;
const failedPrecondition = 9;
const unimplemented = 12;
const unauthenticated = 16;

const replayId = /\.replay_?id\./i;

/** From the status and the trailer `error-code` of a call. */
export function classifyPubSub(status: number, errorCode: string, text = ''): PubSubReaction {
  switch (status) {
    case unauthenticated: return 'renew-token';
    case invalidArgument: return replayId.test(errorCode) || /replay ?id/i.test(text) ? 'start-anew' : 'not-offered';
    // Said by the library about a message above the size that Salesforce promises to keep: coming back for it would meet it again.
    case resourceExhausted: return /larger than max/i.test(text) ? 'start-anew' : 'wait-for-allocation';
    case notFound: case permissionDenied: case failedPrecondition: case unimplemented: return 'not-offered';
    default: return errorCode.endsWith('.limit.exceeded') ? 'wait-for-allocation' : 'reconnect';
  }
}
