/** An answer other than OK: a gRPC status by its name and Salesforce's own code, which travels as the trailer `error-code`. */
export class PubSubError extends Error {
  readonly status: PubSubStatus;
  readonly errorCode: string;

  constructor(status: PubSubStatus, errorCode: string, message: string) {
    super(message);
    this.status = status;
    this.errorCode = errorCode;
  }
}

export type PubSubStatus = 'INVALID_ARGUMENT' | 'NOT_FOUND' | 'PERMISSION_DENIED' | 'RESOURCE_EXHAUSTED' | 'UNAUTHENTICATED' | 'UNAVAILABLE' | 'INTERNAL';
