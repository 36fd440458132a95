import { Injectable } from '@nestjs/common';
import { listAccessCalls, listSalesforceCalls, type CallsRequest, type ConnectionCalls, type MissingCalls, type SalesforceCallList } from '@tributary/api-contracts';
import { Failure } from '@tributary/failures';
import { RequestClient } from '@tributary/messaging';
import type { Named } from './connection-access.ts';
import { mergedCalls } from './merged-calls.ts';

/** Each service keeps the calls it makes; here they are one list. */
@Injectable()
export class ReadCalls {
  constructor(private readonly requests: RequestClient) {}

  /** With one service away, what the other one keeps, and which part is missing why. @throws what both refuse; what is no passing trouble */
  async execute({ workspaceId, connectionId, personId, away }: Named & { readonly away: Failure | undefined }, wanted: CallsRequest): Promise<ConnectionCalls> {
    const [data, access] = await Promise.all([
      answerOf('data', this.requests.ask(listSalesforceCalls, { workspaceId, connectionId, ...wanted })),
      away === undefined ? answerOf('access', this.requests.ask(listAccessCalls, { connectionId, personId, ...wanted })) : { part: 'access' as const, failure: away },
    ]);
    if ('list' in data && 'list' in access) return { ...mergedCalls([data.list, access.list], wanted.limit), missing: [] };
    if ('list' in data) return { ...data.list, missing: missingOf(access) };
    if ('list' in access) return { ...access.list, missing: missingOf(data) };
    throw data.failure;
  }
}

type Answer = { readonly part: MissingCalls['part']; readonly list: SalesforceCallList } | { readonly part: MissingCalls['part']; readonly failure: Failure };

function missingOf(answer: Answer): MissingCalls[] {
  return 'failure' in answer ? [{ part: answer.part, code: answer.failure.code, text: answer.failure.message }] : [];
}

/** A service that is away is told of; one that refuses has decided. */
async function answerOf(part: MissingCalls['part'], asked: Promise<SalesforceCallList>): Promise<Answer> {
  try {
    return { part, list: await asked };
  } catch (failure) {
    if (failure instanceof Failure && failure.kind === 'unavailable') return { part, failure };
    throw failure;
  }
}
