import type { Secret } from '@tributary/failures';

/** A key pair with its certificate, about to be stored. */
export interface KeyPair {
  readonly origin: 'generated' | 'imported';
  readonly bits: number;
  /** PKCS #8, PEM. */
  readonly privateKey: Secret<string>;
  /** PEM. */
  readonly certificate: string;
}

/** Salesforce takes certificates of less than 4 KB. */
export const largestCertificateBytes = 4_095;
export const leastBits = 2_048;
