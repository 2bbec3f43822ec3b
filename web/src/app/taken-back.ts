/** Told on the window when a supervisor gave back a task that this person held; its detail is the task. */
export const takenBackEvent = 'countersign:taken-back';
