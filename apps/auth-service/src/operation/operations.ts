import { Injectable } from '@nestjs/common';
import { InvalidInput, NotFound, Secret } from '@tributary/failures';
import { CheckChains } from '../audit/check-chains.ts';
import { InstallationMark } from '../grant/installation-mark.ts';
import { MakeSigningKey } from '../signing-key/make-signing-key.ts';
import { OperatorSignIn } from './operator-sign-in.ts';
import { RevokeEverything } from './revoke-everything.ts';
import { RewrapKeys } from './rewrap-keys.ts';

export interface OperationRequest {
  readonly as?: string | undefined;
  /** Has to be the operation's own name where it cannot be undone. */
  readonly confirm?: string | undefined;
  /** PEM, of a key that is brought along. */
  readonly privateKey?: string | undefined;
  readonly certificate?: string | undefined;
}

/** What an operator can have done. */
@Injectable()
export class Operations {
  constructor(
    private readonly signIn: OperatorSignIn,
    private readonly rewrap: RewrapKeys,
    private readonly revokeEverything: RevokeEverything,
    private readonly mark: InstallationMark,
    private readonly chains: CheckChains,
    private readonly signingKeys: MakeSigningKey,
  ) {}

  /** @throws NotFound `OPERATION_UNKNOWN`; InvalidInput `CONFIRMATION_MISSING`; what the operation throws */
  async run(name: string, { as, confirm, privateKey, certificate }: OperationRequest): Promise<object> {
    switch (name) {
      case 'sign-in':
        return this.signIn.execute(as);
      case 'import-signing-key':
        if (privateKey === undefined || certificate === undefined) throw new InvalidInput('OPERATION_INVALID', 'A private key and its certificate are needed.');
        return this.signingKeys.take((await this.signIn.personOf(as)).id, Secret.of(privateKey), certificate);
      case 'rewrap':
        return this.rewrap.execute();
      case 'revoke-everything':
        if (confirm !== name) throw new InvalidInput('CONFIRMATION_MISSING', 'This ends every access of every workspace.', { action: 'Confirm it by its name.' });
        return this.revokeEverything.execute();
      case 'verify-audit': {
        const chains = await this.chains.execute();
        return { intact: chains.every(({ intact }) => intact), chains };
      }
      case 'restore-confirm':
        return { wasSuspended: await this.mark.confirmRestore() };
      default:
        throw new NotFound('OPERATION_UNKNOWN', 'There is no such operation.');
    }
  }
}
