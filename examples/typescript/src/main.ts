/**
 * Files an application for an export license, has it decided by three officers, and prints its outcome.
 *
 *     npm ci && npm run build
 *     npm start -- --log "$(cat KEYS/log)" --applicant KEYS/acme.pem --officer KEYS/oscar.pem \
 *         --countersigner KEYS/carla.pem --executive KEYS/vera.pem ../application.json
 *
 * `--address` and `--namespace` say where the service's Temporal is, `--codec` where its codec server is, if
 * payloads are encrypted. Each part would be a program of its own; here one plays all four.
 */

import { Connection } from "@temporalio/client";
import { randomInt } from "node:crypto";
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";

import type { Submission } from "../generated/application.js";
import type { Role } from "../generated/claims.js";
import { Officer, Refused } from "./officer.js";
import { Signer } from "./signing.js";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    address: { type: "string", default: "127.0.0.1:7233" },
    namespace: { type: "string", default: "default" },
    codec: { type: "string" },
    log: { type: "string" },
    applicant: { type: "string" },
    officer: { type: "string" },
    countersigner: { type: "string" },
    executive: { type: "string" },
  },
});

function needed(value: string | undefined, name: string): string {
  if (value === undefined) throw new Error(`${name} is needed`);
  return value;
}

const connection = await Connection.connect({ address: options.address });

function part(name: "applicant" | "officer" | "countersigner" | "executive", role: Role): Officer {
  const signer = new Signer(needed(options[name], `--${name}`), role, needed(options.log, "--log"));
  return new Officer(signer, connection, options.namespace, options.codec);
}

try {
  const applicant = part("applicant", "applicant");
  const officer = part("officer", "licensing_officer");
  const countersigner = part("countersigner", "countersigner");
  const executive = part("executive", "executive");

  const application: Submission = JSON.parse(readFileSync(needed(positionals[0], "APPLICATION"), "utf8"));
  const number = `T${String(randomInt(1_000_000)).padStart(6, "0")}`;
  // A reference of its own: the same order is not filed twice while it is pending.
  const filed = await applicant.file(number, { ...application, reference: `PO-${number}` });
  const { stream } = filed;
  console.log(`${stream}: ${filed.status.stage}, waits for ${filed.status.waiting_for}`);

  try {
    await countersigner.decide("countersign", stream, { agrees: true }, await countersigner.read(stream));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    console.log(`countersigned too early: refused, ${error.code}`);
  }

  const recommendation = { outcome: "grant", reasons: "A rural network in service." } as const;
  const recommended = await officer.decide("recommend", stream, recommendation, await officer.read(stream));
  console.log(`recommended: ${recommended.stage}`);

  const seen = await countersigner.read(stream);
  const countersigned = await countersigner.decide("countersign", stream, { agrees: true }, seen);
  console.log(`countersigned: ${countersigned.stage}`);

  const shown = await executive.read(stream);
  const signed = await executive.decide("sign_off", stream, { approves: true }, shown);
  console.log(`signed off: ${signed.stage}`);

  const { status } = await applicant.outcome(stream);
  console.log(`${stream}: ${status.outcome}, license ${status.license_number}`);
} catch (error) {
  console.error(error instanceof Refused ? `refused, ${error.code}: ${error.message}` : error);
  process.exitCode = 1;
} finally {
  await connection.close();
}
