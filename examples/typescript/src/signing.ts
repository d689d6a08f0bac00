/** An officer's signature: claims about a command in a compact JWS (RFC 7515), by their Ed25519 key. */

import { createHash, createPrivateKey, randomUUID, sign, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";

import canonicalize from "canonicalize";

import type { Countersign, Recommend, SignOff, Submit } from "../generated/application.js";
import type { Claims, Role } from "../generated/claims.js";

/** The commands that are sent here, by their names. */
export interface Commands {
  submit: Submit;
  recommend: Recommend;
  countersign: Countersign;
  sign_off: SignOff;
}

/** A command as it travels; the service holds the body against the claims in the token. */
export interface Signed<Body> {
  token: string;
  body: Body;
}

/** Seconds for which a signature holds: at most 900 for a command, at most 300 to read. */
const LIFETIME = 300;

export class Signer {
  readonly #officer: { officer: string; person: string; organisation: string };
  readonly #key: KeyObject;
  readonly #header: string;

  /**
   * @param keyFile `NAME.pem` (PKCS #8); `NAME.json` beside it says whose it is.
   * @param log the event log for which they sign, such as `production:5f3c1d0a-…`; it counts in no other.
   */
  constructor(
    keyFile: string,
    readonly role: Role,
    readonly log: string,
  ) {
    this.#officer = JSON.parse(readFileSync(keyFile.replace(/\.pem$/, ".json"), "utf8"));
    this.#key = createPrivateKey(readFileSync(keyFile));
    const { crv, kty, x } = this.#key.export({ format: "jwk" });
    const kid = sha256({ crv, kty, x }).toString("base64url"); // the thumbprint of RFC 7638
    this.#header = base64url({ alg: "EdDSA", kid });
  }

  /** @param dossier for a decision, the digest of the dossier that was read. */
  command<Name extends keyof Commands>(
    name: Name,
    stream: string,
    body: Commands[Name],
    { id = randomUUID(), dossier }: { id?: string | undefined; dossier?: string | undefined } = {},
  ): Signed<Commands[Name]> {
    const claims: Claims = {
      ...this.#reader(),
      person: this.#officer.person,
      org: this.#officer.organisation,
      aud: stream,
      cmd: name,
      body: digest(body),
      ...(dossier === undefined ? {} : { dossier }),
      jti: id,
    };
    return { token: this.#token(claims), body };
  }

  /** The token with which they ask an HTTP server of the service for what they may read. */
  reading(): string {
    return this.#token({ ...this.#reader(), cmd: "read" });
  }

  #reader() {
    const now = Math.floor(Date.now() / 1000);
    return { sub: this.#officer.officer, role: this.role, iat: now, exp: now + LIFETIME, log: this.log };
  }

  #token(claims: object): string {
    const signed = `${this.#header}.${base64url(claims)}`;
    return `${signed}.${sign(null, Buffer.from(signed), this.#key).toString("base64url")}`;
  }
}

/** The digest of a value's canonical form (RFC 8785), as claims and dossiers have it. */
export function digest(value: unknown): string {
  return `sha256:${sha256(value).toString("hex")}`;
}

function sha256(value: unknown): Buffer {
  const canonical = canonicalize(value);
  if (canonical === undefined) throw new TypeError("what is no JSON has no canonical form");
  return createHash("sha256").update(canonical).digest();
}

function base64url(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
