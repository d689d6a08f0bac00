/** Payloads by the service's codec server, which has the keys: nobody else needs any. */

import type { Payload, PayloadCodec, SerializationContext } from "@temporalio/common";

/** A payload in JSON: bytes are in base64. */
interface JsonPayload {
  metadata?: Record<string, string>;
  data?: string;
}

export class RemoteCodec implements PayloadCodec {
  /** @param token proves, for a few minutes, who asks. */
  constructor(
    readonly endpoint: string,
    readonly namespace: string,
    readonly token: () => string,
  ) {}

  async encode(payloads: Payload[], context?: SerializationContext): Promise<Payload[]> {
    return this.#ask("encode", payloads, context?.workflowId);
  }

  async decode(payloads: Payload[], context?: SerializationContext): Promise<Payload[]> {
    return this.#ask("decode", payloads, context?.workflowId);
  }

  /** @param stream the case, by its workflow's id: what is encrypted for one opens in no other. */
  async #ask(what: "encode" | "decode", payloads: Payload[], stream = ""): Promise<Payload[]> {
    const answer = await fetch(`${this.endpoint}/${what}`, {
      method: "POST",
      headers: {
        "X-Greenlight-Case": stream,
        "Authorization": `Bearer ${this.token()}`,
        "Content-Type": "application/json",
        "X-Namespace": this.namespace,
      },
      body: JSON.stringify({ payloads: payloads.map(toJson) }),
    });
    if (!answer.ok) throw new Error(`the codec server answered ${answer.status}: ${await answer.text()}`);
    const { payloads: converted } = (await answer.json()) as { payloads: JsonPayload[] };
    return converted.map(fromJson);
  }
}

function toJson({ metadata, data }: Payload): JsonPayload {
  return {
    metadata: mapped(metadata ?? {}, (bytes) => Buffer.from(bytes).toString("base64")),
    data: Buffer.from(data ?? []).toString("base64"),
  };
}

function fromJson({ metadata, data }: JsonPayload): Payload {
  return {
    metadata: mapped(metadata ?? {}, (text) => Buffer.from(text, "base64")),
    data: Buffer.from(data ?? "", "base64"),
  };
}

function mapped<A, B>(values: Record<string, A>, convert: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, convert(value)]));
}
