// Short notes at the edge of the page, read out by screen readers. Errors stay until dismissed.
export type ToastKind = 'info' | 'ok' | 'error';
export interface Toast {
  id: number;
  text: string;
  kind: ToastKind;
}

const shownFor = 5000;
let last = 0;

class Toasts {
  items = $state<Toast[]>([]);

  show(text: string, kind: ToastKind = 'info'): void {
    const id = ++last;
    this.items = [...this.items.slice(-3), { id, text, kind }];
    if (kind !== 'error') setTimeout(() => this.dismiss(id), shownFor);
  }

  dismiss(id: number): void {
    this.items = this.items.filter((toast) => toast.id !== id);
  }
}

export const toasts = new Toasts();
export const toast = (text: string, kind?: ToastKind): void => toasts.show(text, kind);
