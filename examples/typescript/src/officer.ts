/** One officer at the service: files, reads and decides, over Temporal. */

import {
  Client,
  ServiceError,
  WithStartWorkflowOperation,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  type Connection,
  type Workflow,
} from "@temporalio/client";
import { ApplicationFailure } from "@temporalio/common";
import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";

import type { Submission } from "../generated/application.js";
import type { QueryDossier } from "../generated/query.dossier.js";
import type { QueryStatus } from "../generated/query.status.js";
import type { Receipt } from "../generated/receipt.js";
import { RemoteCodec } from "./codec.js";
import { digest, type Commands, type Signed, type Signer } from "./signing.js";

const TASK_QUEUE = "licensing";

const TRIES = 5;
/** Milliseconds between them. */
const PAUSE = 500;

/** A command that was not accepted. Programs act on its code, people read the message. */
export class Refused extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** One of them, with a client of their own on a connection that others share. */
export class Officer {
  readonly #temporal: Client;

  /** @param codec address of the service's codec server; without one, payloads are sent and read in plain. */
  constructor(
    readonly signer: Signer,
    connection: Connection,
    namespace: string,
    codec?: string,
  ) {
    const payloadCodecs = codec ? [new RemoteCodec(codec, namespace, () => signer.reading())] : [];
    this.#temporal = new Client({ connection, namespace, dataConverter: { payloadCodecs } });
  }

  /** File an application under a control number of your choice; returns once it is on record. */
  async file(number: string, application: Submission): Promise<QueryStatus> {
    const stream = `application-${number}`;
    const startWorkflowOperation = new WithStartWorkflowOperation("LicenseApplication", {
      workflowId: stream,
      taskQueue: TASK_QUEUE,
      args: [this.signer.command("submit", stream, { application })],
      workflowIdConflictPolicy: "FAIL",
      workflowIdReusePolicy: "ALLOW_DUPLICATE_FAILED_ONLY",
    });
    const { workflow } = this.#temporal;
    return answer(
      workflow.executeUpdateWithStart<Workflow, QueryStatus, []>("registered", { startWorkflowOperation }),
    );
  }

  /** What a decision rests on. Its digest is computed from what is shown: nobody else's word is signed. */
  async read(stream: string): Promise<QueryDossier> {
    const { dossier } = await this.#temporal.workflow.getHandle(stream).query<QueryDossier>("dossier");
    return { dossier, digest: digest(dossier) };
  }

  /** Decide on the dossier that was read. */
  async decide<Name extends keyof Commands>(
    name: Name,
    stream: string,
    body: Commands[Name],
    read: QueryDossier,
  ): Promise<Receipt> {
    const id = randomUUID();
    const command = this.signer.command(name, stream, body, { id, dossier: read.digest });
    return this.#send(name, stream, id, command);
  }

  /** The outcome of a case, once it has one. */
  async outcome(stream: string): Promise<QueryStatus> {
    return this.#temporal.workflow.getHandle(stream).result() as Promise<QueryStatus>;
  }

  /** No answer is no refusal: under one id a command happens once, however often it is sent. */
  async #send(name: string, stream: string, id: string, command: Signed<unknown>): Promise<Receipt> {
    const workflow = this.#temporal.workflow.getHandle(stream);
    for (let tries = 1; ; tries++) {
      try {
        return await answer(
          workflow.executeUpdate<Receipt, [Signed<unknown>]>(name, { args: [command], updateId: id }),
        );
      } catch (error) {
        const silence =
          error instanceof ServiceError || error instanceof WorkflowUpdateRPCTimeoutOrCancelledError;
        if (!silence || tries === TRIES) throw error;
        await setTimeout(PAUSE);
      }
    }
  }
}

/** What was sent is answered, or refused. */
async function answer<T>(sent: Promise<T>): Promise<T> {
  try {
    return await sent;
  } catch (error) {
    const cause = error instanceof WorkflowUpdateFailedError ? error.cause : undefined;
    if (cause instanceof ApplicationFailure && cause.type) throw new Refused(cause.type, cause.message);
    throw error;
  }
}
