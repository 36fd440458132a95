import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { connectByJwt, proveJwt, type JwtProof, type ServiceConnectionAnswer, type ServiceConnectionRequest } from '@tributary/api-contracts';
import type { PersonId } from '@tributary/event-contracts';
import { OnRequest } from '@tributary/messaging';
import { callsOfNew } from '../calls/call-origin.ts';
import { ConnectByJwt } from './connect-by-jwt.ts';
import { ProveJwt, type ProofRequest } from './prove-jwt.ts';

@Controller()
export class JwtGrantController {
  constructor(
    private readonly proveAccess: ProveJwt,
    private readonly connectService: ConnectByJwt,
  ) {}

  @OnRequest(proveJwt)
  async prove(@Payload() request: ProofRequest): Promise<JwtProof> {
    return this.proveAccess.execute(request);
  }

  @OnRequest(connectByJwt)
  async connect(@Payload() { personId, request }: { readonly personId: PersonId; readonly request: ServiceConnectionRequest }): Promise<ServiceConnectionAnswer> {
    return callsOfNew(() => this.connectService.execute(personId, request));
  }
}
