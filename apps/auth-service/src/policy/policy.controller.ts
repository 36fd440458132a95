import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { setAccessPolicy, type ConnectionCore } from '@tributary/api-contracts';
import { OnRequest } from '@tributary/messaging';
import { SetAccessPolicy, type PolicyChange } from './set-access-policy.ts';

@Controller()
export class PolicyController {
  constructor(private readonly setPolicy: SetAccessPolicy) {}

  @OnRequest(setAccessPolicy)
  async set(@Payload() change: PolicyChange): Promise<ConnectionCore> {
    return this.setPolicy.execute(change);
  }
}
