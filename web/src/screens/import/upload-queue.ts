// Sends many files, a few at a time. Each file has its own progress; one that the network dropped is
// sent again, and one that the server refused is kept with the server's reason while the rest goes on.
import { asProblem } from '../../api/problem';
import { sleep, type Sleep } from '../../api/poll';
import type { PickedFile } from './file-walk';

export type UploadState = 'waiting' | 'sending' | 'sent' | 'failed';

export interface Upload {
  name: string;
  size: number;
  sent: number;
  state: UploadState;
  reason: string;
}

export interface UploadTotals {
  files: number;
  filesSent: number;
  failed: number;
  bytes: number;
  bytesSent: number;
}

export type PutFile = (
  file: PickedFile,
  options: { signal: AbortSignal; onProgress: (sent: number) => void },
) => Promise<unknown>;

export interface UploadQueueOptions {
  put: PutFile;
  /** Called after every change; the caller decides how often it draws. */
  changed: () => void;
  atOnce?: number;
  tries?: number;
  wait?: Sleep;
}

export class UploadQueue {
  readonly uploads: Upload[];

  constructor(
    private readonly files: PickedFile[],
    private readonly options: UploadQueueOptions,
  ) {
    this.uploads = files.map(({ name, file }) => ({
      name,
      size: file.size,
      sent: 0,
      state: 'waiting',
      reason: '',
    }));
  }

  /** Sends what is not sent yet; true when everything is there. Call it again to retry what failed. */
  async run(signal: AbortSignal): Promise<boolean> {
    const { atOnce = 3 } = this.options;
    const todo = this.uploads.flatMap((upload, at) => (upload.state === 'sent' ? [] : [at]));
    for (const at of todo) this.#set(at, { state: 'waiting', sent: 0, reason: '' });
    const worker = async (): Promise<void> => {
      for (let at = todo.shift(); at !== undefined && !signal.aborted; at = todo.shift())
        await this.#send(at, signal);
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    return this.uploads.every((upload) => upload.state === 'sent');
  }

  get totals(): UploadTotals {
    const totals = { files: this.uploads.length, filesSent: 0, failed: 0, bytes: 0, bytesSent: 0 };
    for (const upload of this.uploads) {
      totals.bytes += upload.size;
      totals.bytesSent +=
        upload.state === 'sent' ? upload.size : Math.min(upload.sent, upload.size);
      if (upload.state === 'sent') totals.filesSent += 1;
      if (upload.state === 'failed') totals.failed += 1;
    }
    return totals;
  }

  async #send(at: number, signal: AbortSignal): Promise<void> {
    const { put, tries = 3, wait = sleep } = this.options;
    for (let attempt = 1; ; attempt += 1) {
      this.#set(at, { state: 'sending', sent: 0 });
      try {
        await put(this.files[at]!, { signal, onProgress: (sent) => this.#set(at, { sent }) });
        this.#set(at, { state: 'sent', sent: this.uploads[at]!.size });
        return;
      } catch (thrown) {
        const problem = asProblem(thrown);
        const passing = problem.code === 'network' || problem.code === 'unavailable';
        if (signal.aborted || !passing || attempt >= tries) {
          this.#set(at, { state: 'failed', reason: problem.detail });
          return;
        }
        await wait(500 * 2 ** attempt, signal);
      }
    }
  }

  #set(at: number, change: Partial<Upload>): void {
    Object.assign(this.uploads[at]!, change);
    this.options.changed();
  }
}
