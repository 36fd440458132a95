import { Inject, Injectable } from '@nestjs/common';
import type { ServiceConnectionAnswer, ServiceConnectionRequest } from '@tributary/api-contracts';
import { callsLedTo } from '../calls/call-origin.ts';
import { People } from '../person/people.ts';
import { CONFIG, type AuthConfig } from '../config.ts';
import { ConnectionChanges } from '../connection/connection-changes.ts';
import { KeepServiceConnection } from './keep-service-connection.ts';
import { ProveAccess } from './prove-access.ts';
import { ServiceConnectionRights } from './service-connection-rights.ts';

/** Connects a user of an org by assertion alone: no browser, no consent page. */
@Injectable()
export class ConnectByJwt {
  constructor(
    private readonly people: People,
    private readonly prove: ProveAccess,
    private readonly rights: ServiceConnectionRights,
    private readonly keep: KeepServiceConnection,
    private readonly changes: ConnectionChanges,
    @Inject(CONFIG) private readonly config: Pick<AuthConfig, 'hostRules' | 'loginOrigin'>,
  ) {}

  /**
   * @returns the connection, or the proof that says what is missing
   * @throws Forbidden `ROLE_INSUFFICIENT`, `ORG_NOT_YOURS`; Conflict `CONNECTION_OF_SOMEBODY_ELSE`; InvalidInput `HOST_NOT_ALLOWED`, `SITE_NOT_ALLOWED`
   */
  async execute(personId: string, { username, login, site }: ServiceConnectionRequest): Promise<ServiceConnectionAnswer> {
    const person = await this.people.as(personId, 'connect-service', async (_em, owner) => owner);
    const addresses = { loginOrigin: login === undefined ? this.config.loginOrigin : this.config.hostRules.loginOrigin(login), site: site === undefined ? null : this.config.hostRules.siteAudience(site) };
    // A username names one user of one kind of host: whoever answers to it is the one who was asked for.
    const { proof, access } = await this.prove.execute(username, { ...addresses, instanceUrl: undefined, orgKind: 'unknown' }, (identity) => identity.username.toLowerCase() === username.toLowerCase());
    if (access === undefined) return { connectionId: null, proof };
    await this.rights.require(person, access);
    const { id, state } = await this.keep.execute(person, access, addresses);
    callsLedTo(id);
    this.changes.announce(id, state);
    return { connectionId: id, proof };
  }
}
