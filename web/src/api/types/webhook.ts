// Servers that are told what happens in a project.

export interface Webhook {
  id: string;
  url: string;
  /** Families or kinds of events; empty: all. */
  kinds: string[];
  enabled: boolean;
  failures: number;
  failing_since: number | null;
  next_try: number | null;
  /** The last failure, or why it was switched off. */
  why: string;
  created: number;
}

export interface NewWebhook {
  url: string;
  kinds: string[];
  secret?: string;
}

export interface WebhookDelivery {
  /** null: a ping. */
  event: string | null;
  kind: string;
  attempt: number;
  /** null: no answer. */
  status: number | null;
  /** Empty: it was taken. */
  error: string;
  took_ms: number;
  created: number;
}
