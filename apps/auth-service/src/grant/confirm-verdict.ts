import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { Secret } from '@tributary/failures';
import { SqlPool } from '@tributary/persistence';
import { SalesforceHttp } from '@tributary/salesforce-client';
import { causeOfDeath, evidenceText, type DeathEvidence, type Probed } from './cause-of-death.ts';
import { GrantTokens } from './grant-tokens.ts';
import { troubleOf, type RefreshOutcome } from './refresh-outcome.ts';
import type { RefreshSituation } from './refresh-policy.ts';
import { RefreshStops } from './refresh-stops.ts';

type Refused = Extract<RefreshOutcome, { readonly kind: 'rejected' }>;
type Recorded = Omit<DeathEvidence, 'probe' | 'identity' | 'now' | 'answerLost'> & { readonly uncertainAt: Date | null; readonly instanceUrl: string };
type Confirmed = Extract<RefreshOutcome, { readonly kind: 'rejected' | 'admin' | 'unavailable' | 'application' }>;

/** So many of the connections refused at once are no coincidence. */
const massLeast = 10;
const massShare = 0.05;
/** From the third one on nobody is told to reconnect before it is known whether it is one of a mass: ten minutes at most. */
const suspicious = 3;
const lookAgainMs = 60_000;
const unconfirmedTries = 3;
const probeTimeoutMs = 5_000;

/** Looks twice before a grant is called dead: is the access really gone, is it alone, and what does the evidence say about why. */
@Injectable()
export class ConfirmVerdict {
  constructor(
    private readonly em: EntityManager,
    private readonly pool: SqlPool,
    private readonly tokens: GrantTokens,
    private readonly http: SalesforceHttp,
    private readonly stops: RefreshStops,
  ) {}

  /**
   * @param presentedHash hash of the refresh token that was refused
   * @returns the verdict with its cause; or that it is not final: the present access still works, or the whole app is concerned
   */
  async execute(situation: RefreshSituation, refused: Refused, presentedHash: string, probing: boolean): Promise<Confirmed> {
    const recorded = await this.#recorded(situation, presentedHash);
    const { probe, identity } = await this.#probe(situation, recorded.instanceUrl);
    if (probe?.status === 200 && situation.failures < unconfirmedTries) return { kind: 'unavailable', trouble: troubleOf('refresh-refused'), atLeastMs: 0 };
    const answerLost = probing || recorded.uncertainAt !== null;
    // What was lost with a crash of our own, however many at once, says nothing about the app.
    const among = answerLost ? 'few' : await this.#among(situation);
    if (among === 'perhaps-a-mass') return { kind: 'unavailable', trouble: troubleOf('refused-with-others'), atLeastMs: lookAgainMs };
    if (among === 'a-mass') {
      const trouble = troubleOf('app-wide-revocation');
      await this.stops.raise('mass', trouble, null);
      return { kind: 'application', trouble };
    }
    const evidence = { ...recorded, probe, identity, now: situation.now, answerLost };
    const trouble = refused.trouble.cause === 'revoked-or-unknown' ? troubleOf(causeOfDeath(evidence)) : refused.trouble;
    const kind = trouble.who === 'admin' ? 'admin' : 'rejected';
    return { kind, trouble, evidence: evidenceText(evidence) };
  }

  /**
   * A wrong secret would be refused by every org.
   * @returns whether another org took the app's secret within the last minute
   */
  async isAcceptedElsewhere({ orgId }: RefreshSituation): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      `select from oauth_grant g join connection c on c.id = g.connection_id where g.kind = 'user' and g.refreshed_at > now() - interval '1 minute' and c.org_id <> $1 limit 1`, [orgId]);
    return rowCount === 1;
  }

  async #recorded({ connectionId, grantId }: RefreshSituation, presentedHash: string): Promise<Recorded> {
    const { rows: [row] } = await this.pool.query<Recorded>(evidenceOf, [connectionId, grantId, presentedHash]);
    if (row === undefined) throw new Error('the grant is gone');
    return row;
  }

  /** Harmless calls with the present access token; who it belonged to is asked only when it is dead. */
  async #probe(situation: RefreshSituation, instanceUrl: string): Promise<Pick<DeathEvidence, 'probe' | 'identity'>> {
    const { grantId, connectionId, workspaceId, epoch, refreshEpoch, loginOrigin, orgId, userId } = situation;
    try {
      const token = await this.tokens.accessToken(this.em.fork(), { id: grantId, connectionId, workspaceId, epoch, refreshEpoch });
      const probe = await this.#call(token, instanceUrl, '/services/oauth2/userinfo');
      return { probe, identity: probe === undefined || probe.status === 200 ? undefined : await this.#call(token, loginOrigin, `/id/${orgId}/${userId}`) };
    } catch {
      return { probe: undefined, identity: undefined };
    }
  }

  /** @returns undefined when nothing was learned: not reached is no evidence either way */
  async #call(token: Secret<string>, origin: string, path: string): Promise<Probed | undefined> {
    try {
      const { status, text } = await this.http.text({ method: 'GET', origin, path, headers: { authorization: `Bearer ${token.reveal()}` }, timeoutMs: probeTimeoutMs });
      return status >= 500 ? undefined : { status, text };
    } catch {
      return undefined;
    }
  }

  /** Notes the verdict, and counts how many grants were first refused in the last ten minutes. */
  async #among({ grantId, connectionId, orgId }: RefreshSituation): Promise<'few' | 'perhaps-a-mass' | 'a-mass'> {
    const { rows: [counted] } = await this.pool.query<{ readonly refused: number; readonly grants: number }>(
      `with noted as (insert into final_verdict as v (grant_id, connection_id, org_id) values ($1, $2, $3) on conflict (grant_id) do update set at = now() where v.at < now() - interval '1 hour')
       select (1 + (select count(*) from final_verdict where at > now() - interval '10 minutes' and grant_id <> $1))::int as refused,
              (select count(*) from oauth_grant where kind = 'user' and (state = 'live' or ended_at > now() - interval '10 minutes'))::int as grants`, [grantId, connectionId, orgId]);
    if (counted === undefined || counted.refused < suspicious || counted.refused <= counted.grants * massShare || (await this.stops.wasLiftedLately('mass'))) return 'few';
    if (counted.refused >= massLeast) return 'a-mass';
    return counted.grants >= massLeast ? 'perhaps-a-mass' : 'few';
  }
}

const evidenceOf = `select c.instance_url as "instanceUrl", g.created_at as "createdAt", g.refreshed_at as "refreshedAt", g.refresh_count as "refreshCount", g.uncertain_at as "uncertainAt",
  exists (select from presented_token where token_hash = $3 and replaced) as "presentedAgain",
  (select count(*)::int from oauth_grant o join connection k on k.id = o.connection_id where k.org_id = c.org_id and o.id <> g.id and o.state = 'dead' and o.ended_because in ('policy-expired', 'revoked-or-unknown')
     and abs(extract(epoch from (o.ended_at - o.created_at) - (now() - g.created_at))) < 0.02 * extract(epoch from now() - g.created_at)) as "endedAtThisAge",
  (select count(*)::int from oauth_grant o join connection k on k.id = o.connection_id where k.org_id = c.org_id and k.user_id = c.user_id and o.kind = 'user' and o.created_at > g.created_at) as "consentsSince",
  (select count(*)::int from final_verdict v join connection k on k.id = v.connection_id where k.org_id = c.org_id and k.user_id = c.user_id and k.id <> c.id and v.at > now() - interval '1 hour') as "refusedOfUser",
  (select count(distinct connection_id)::int from final_verdict where org_id = c.org_id and connection_id <> c.id and at > now() - interval '1 hour') as "refusedOfOrg",
  (select count(distinct org_id)::int from final_verdict where org_id <> c.org_id and at > now() - interval '10 minutes') as "refusedOrgs",
  (select max(listed_at) from egress_address where changed) as "egressChangedAt"
  from connection c join oauth_grant g on g.id = $2 where c.id = $1`;
