/** The app as it is registered at Salesforce. */
export interface ConnectedApp {
  readonly name: string;
  readonly clientId: string;
  /** Each works; more than one while a secret is being changed. */
  secrets: string[];
  redirectUris: readonly string[];
  /** PEM certificates or public keys that assertions may be signed with. */
  publicKeys: string[];
}
