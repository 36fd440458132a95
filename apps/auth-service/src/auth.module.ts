import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { MessagingModule } from '@tributary/messaging';
import { CallLog, PersistenceModule } from '@tributary/persistence';
import { SalesforceHttp, TokenClient } from '@tributary/salesforce-client';
import { CLOCK, ServiceKitModule, type Clock } from '@tributary/service-kit';
import { AuditEntryTable } from './audit/audit-entry.entity.ts';
import { AuditTrail } from './audit/audit-trail.ts';
import { AuditAnchors } from './audit/audit-anchors.ts';
import { AuditController } from './audit/audit.controller.ts';
import { AuditScheduler } from './audit/audit.scheduler.ts';
import { CheckChains } from './audit/check-chains.ts';
import { ConfirmedDeletionsConsumer } from './audit/confirmed-deletions.consumer.ts';
import { ReadAudit } from './audit/read-audit.ts';
import { VerifyChain } from './audit/verify-chain.ts';
import { authMigrations } from './auth.migrations.ts';
import { CallsController } from './calls/calls.controller.ts';
import { ReadCalls } from './calls/read-calls.ts';
import { RecordCalls } from './calls/record-calls.ts';
import { ClosureConsumer } from './closure/closure.consumer.ts';
import { ClosureTable } from './closure/closure.entity.ts';
import { ClosureScheduler } from './closure/closure.scheduler.ts';
import { Closures } from './closure/closures.ts';
import { CONFIG, type AuthConfig } from './config.ts';
import { AccessConsumer } from './connection/access.consumer.ts';
import { ConnectionChanges } from './connection/connection-changes.ts';
import { ConnectionController } from './connection/connection.controller.ts';
import { ConnectionTable } from './connection/connection.entity.ts';
import { DisconnectConnection } from './connection/disconnect-connection.ts';
import { PauseConnection } from './connection/pause-connection.ts';
import { ReadConnections } from './connection/read-connections.ts';
import { RefuseAccess } from './connection/refuse-access.ts';
import { AdmitConsent } from './consent/admit-consent.ts';
import { CheckGrant } from './consent/check-grant.ts';
import { ConsentAttempt } from './consent/consent-attempt.ts';
import { ConsentController } from './consent/consent.controller.ts';
import { FinishConsent } from './consent/finish-consent.ts';
import { KeepGrant } from './consent/keep-grant.ts';
import { LoginTransactionTable } from './consent/login-transaction.entity.ts';
import { LoginTransactions } from './consent/login-transactions.ts';
import { NoteFailedConsent } from './consent/note-failed-consent.ts';
import { SalesforceStrategy } from './consent/salesforce.strategy.ts';
import { OperatorSignIn } from './operation/operator-sign-in.ts';
import { OperatorSocket } from './operation/operator-socket.ts';
import { Operations } from './operation/operations.ts';
import { EndAccess } from './operation/end-access.ts';
import { RevokeEverything } from './operation/revoke-everything.ts';
import { RewrapKeys } from './operation/rewrap-keys.ts';
import { DoctorController } from './doctor/doctor.controller.ts';
import { LookAtOurselves } from './doctor/look-at-ourselves.ts';
import { LookAtSalesforce } from './doctor/look-at-salesforce.ts';
import { RunDoctor } from './doctor/run-doctor.ts';
import { CommitRefresh } from './grant/commit-refresh.ts';
import { ConfirmVerdict } from './grant/confirm-verdict.ts';
import { Escrow } from './grant/escrow.ts';
import { GrantStore } from './grant/grant-store.ts';
import { GrantTokens } from './grant/grant-tokens.ts';
import { Housekeeping } from './grant/housekeeping.ts';
import { InstallationMark } from './grant/installation-mark.ts';
import { InstanceIdentity } from './grant/instance-identity.ts';
import { IssueFloor } from './grant/issue-floor.ts';
import { LoginHostBreaker } from './grant/login-host-breaker.ts';
import { OauthGrantTable } from './grant/oauth-grant.entity.ts';
import { PresentToken } from './grant/present-token.ts';
import { RefreshAttempt } from './grant/refresh-attempt.ts';
import { ClockSteps } from './grant/clock-steps.ts';
import { EgressAddresses } from './grant/egress-addresses.ts';
import { RefreshGrant } from './grant/refresh-grant.ts';
import { ownerReturnsWithinMs } from './grant/refresh-policy.ts';
import { RefreshLease } from './grant/refresh-lease.ts';
import { RefreshProgress } from './grant/refresh-progress.ts';
import { RefreshTokens } from './grant/refresh-tokens.ts';
import { ClearStrays } from './grant/clear-strays.ts';
import { RefreshStops } from './grant/refresh-stops.ts';
import { RevocationTable } from './grant/revocation.entity.ts';
import { Revocations } from './grant/revocations.ts';
import { SettleRefresh } from './grant/settle-refresh.ts';
import { StoreAnswer } from './grant/store-answer.ts';
import { Upkeep } from './grant/upkeep.ts';
import { UpkeepScheduler } from './grant/upkeep.scheduler.ts';
import { VaultTrouble } from './grant/vault-trouble.ts';
import { ConnectByJwt } from './jwt-grant/connect-by-jwt.ts';
import { JwtGrantController } from './jwt-grant/jwt-grant.controller.ts';
import { JwtLease } from './jwt-grant/jwt-lease.ts';
import { KeepJwtGrant } from './jwt-grant/keep-jwt-grant.ts';
import { KeepJwtGrants } from './jwt-grant/keep-jwt-grants.ts';
import { KeepServiceConnection } from './jwt-grant/keep-service-connection.ts';
import { PresentAssertion } from './jwt-grant/present-assertion.ts';
import { ProveAccess } from './jwt-grant/prove-access.ts';
import { ProveJwt } from './jwt-grant/prove-jwt.ts';
import { ReadIdentity } from './jwt-grant/read-identity.ts';
import { RenewJwtGrant } from './jwt-grant/renew-jwt-grant.ts';
import { Revive } from './jwt-grant/revive.ts';
import { ServiceConnectionRights } from './jwt-grant/service-connection-rights.ts';
import { SettleJwt } from './jwt-grant/settle-jwt.ts';
import { StoreRenewal } from './jwt-grant/store-renewal.ts';
import { LeaseAccessToken } from './lease/lease-access-token.ts';
import { LeaseController } from './lease/lease.controller.ts';
import { LeaseLedger } from './lease/lease-ledger.ts';
import { TokenCache } from './lease/token-cache.ts';
import { AdmitPerson } from './person/admit-person.ts';
import { InvitationTable } from './person/invitation.entity.ts';
import { Invitations } from './person/invitations.ts';
import { Members } from './person/members.ts';
import { NameWorkspace } from './person/name-workspace.ts';
import { WorkspaceConsumer } from './person/workspace.consumer.ts';
import { WorkspaceController } from './person/workspace.controller.ts';
import { WorkspaceNames } from './person/workspace-names.ts';
import { People } from './person/people.ts';
import { PeopleController } from './person/people.controller.ts';
import { PreviewInvitation } from './person/preview-invitation.ts';
import { ShareConnection } from './person/share-connection.ts';
import { PersonTable, WorkspaceTable } from './person/person.entity.ts';
import { FinishOidcSignIn } from './sign-in/finish-oidc-sign-in.ts';
import { OidcClient } from './sign-in/oidc-client.ts';
import { OidcController } from './sign-in/oidc.controller.ts';
import { CarryOn } from './policy/carry-on.ts';
import { PolicyController } from './policy/policy.controller.ts';
import { RenewWay } from './policy/renew-way.ts';
import { SetAccessPolicy } from './policy/set-access-policy.ts';
import { WayNews } from './policy/way-news.ts';
import { WayUseTable } from './policy/way-use.entity.ts';
import { WayUses } from './policy/way-uses.ts';
import { SignInController } from './sign-in/sign-in.controller.ts';
import { SignInWithoutConnection } from './sign-in/sign-in-without-connection.ts';
import { TicketTable } from './sign-in/ticket.entity.ts';
import { Tickets } from './sign-in/tickets.ts';
import { AgeSigningKeys } from './signing-key/age-signing-keys.ts';
import { DestroySigningKeys } from './signing-key/destroy-signing-keys.ts';
import { KeyVault } from './signing-key/key-vault.ts';
import { MakeSigningKey } from './signing-key/make-signing-key.ts';
import { OfferSigningKey } from './signing-key/offer-signing-key.ts';
import { ReadSigningKeys } from './signing-key/read-signing-keys.ts';
import { Reliers } from './signing-key/reliers.ts';
import { SigningKeyController } from './signing-key/signing-key.controller.ts';
import { SigningKeyTable } from './signing-key/signing-key.entity.ts';
import { SigningKeyScheduler } from './signing-key/signing-key.scheduler.ts';
import { SigningKeys } from './signing-key/signing-keys.ts';
import { InstallationTable, VaultEntryTable, VaultKeyTable } from './vault/vault.entity.ts';
import { VaultMeter } from './vault/vault-meter.ts';
import { Vault } from './vault/vault.ts';

const entities = [
  AuditEntryTable, ClosureTable, ConnectionTable, InstallationTable, InvitationTable, LoginTransactionTable, OauthGrantTable, PersonTable, RevocationTable, SigningKeyTable, TicketTable, VaultEntryTable, VaultKeyTable, WayUseTable, WorkspaceTable,
];

const rooms: Provider[] = [
  CallLog, RecordCalls, ReadCalls,
  AuditTrail, VerifyChain, ReadAudit, CheckChains, AuditAnchors, AuditScheduler, Vault,
  People, Members, WorkspaceNames, NameWorkspace, Invitations, PreviewInvitation, AdmitPerson, ShareConnection, Tickets, SignInWithoutConnection, OidcClient, FinishOidcSignIn,
  ConnectionChanges, RefuseAccess, ReadConnections, DisconnectConnection, PauseConnection, Closures, ClosureScheduler, VaultMeter, RewrapKeys, EndAccess, RevokeEverything, OperatorSignIn, Operations, OperatorSocket, LookAtOurselves, LookAtSalesforce, RunDoctor,
  LoginTransactions, SalesforceStrategy, ConsentAttempt, CheckGrant, KeepGrant, AdmitConsent, FinishConsent, NoteFailedConsent,
  { provide: ClockSteps, useFactory: () => new ClockSteps(ownerReturnsWithinMs) }, GrantTokens, GrantStore, Revocations, InstanceIdentity, RefreshLease, RefreshStops, RefreshProgress, InstallationMark, IssueFloor, EgressAddresses, ConfirmVerdict, PresentToken, Escrow, CommitRefresh, StoreAnswer, RefreshTokens, ClearStrays, SettleRefresh, RefreshAttempt, RefreshGrant, VaultTrouble,
  Upkeep, Housekeeping, UpkeepScheduler,
  { provide: LoginHostBreaker, useFactory: () => new LoginHostBreaker() },
  LeaseLedger, TokenCache, LeaseAccessToken,
  KeyVault, SigningKeys, Reliers, DestroySigningKeys, MakeSigningKey, OfferSigningKey, ReadSigningKeys, AgeSigningKeys, SigningKeyScheduler,
  PresentAssertion, ReadIdentity, ProveAccess, KeepJwtGrant, Revive, ProveJwt, ServiceConnectionRights, KeepServiceConnection, ConnectByJwt, JwtLease, SettleJwt, StoreRenewal, RenewJwtGrant, KeepJwtGrants,
  CarryOn, WayNews, WayUses, RenewWay, SetAccessPolicy,
];

const salesforce: Provider[] = [
  { provide: SalesforceHttp, inject: [CONFIG, RecordCalls], useFactory: ({ hostRules }: AuthConfig, record: RecordCalls) => new SalesforceHttp({ hostRules, version: '0.1.0', onCall: record.execute }) },
  {
    provide: TokenClient,
    inject: [SalesforceHttp, CONFIG],
    useFactory: (http: SalesforceHttp, { hostRules, clientId, clientSecret }: AuthConfig) => new TokenClient(http, hostRules, { clientId, clientSecret }),
  },
];

/** The one module of auth-service. */
@Module({})
export class AuthModule {
  /** @param now replaces the clock, in tests */
  static async for(config: AuthConfig, now?: Clock): Promise<DynamicModule> {
    return {
      module: AuthModule,
      global: true,
      imports: [
        ServiceKitModule.forService(),
        await PersistenceModule.forService({ schema: 'auth', url: config.databaseUrl, ownerUrl: config.databaseOwnerUrl?.reveal(), entities, migrations: authMigrations }),
        MessagingModule.forService({ service: 'auth', natsUrl: config.natsUrl }),
      ],
      controllers: [AccessConsumer, ClosureConsumer, ConfirmedDeletionsConsumer, DoctorController, ConsentController, ConnectionController, CallsController, JwtGrantController, LeaseController, PolicyController, SignInController, SigningKeyController, OidcController, PeopleController, WorkspaceController, WorkspaceConsumer, AuditController],
      providers: [{ provide: CONFIG, useValue: config }, ...(now === undefined ? [] : [{ provide: CLOCK, useValue: now }]), ...salesforce, ...rooms],
    };
  }
}
