// The API as functions, one a route. Nothing here keeps state.
import { Http, type UploadOptions } from './http';
import type * as wire from './types';

export interface Asking {
  signal?: AbortSignal;
}

interface PageAsk extends Asking {
  cursor?: string | null;
  limit?: number;
}

const id = encodeURIComponent;

export function makeApi(http: Http) {
  const page = <T>(path: string, { cursor, limit, ...asking }: PageAsk = {}, query = {}) =>
    http.get<wire.Page<T>>(path, { ...asking, query: { ...query, cursor, limit } });

  const keepCsrf = (session: wire.Session): wire.Session => {
    http.setCsrf(session.csrf);
    return session;
  };

  return {
    http,
    about: (asking?: Asking) => http.get<wire.About>('/about', asking),

    // Session
    session: async (asking?: Asking) => keepCsrf(await http.get<wire.Session>('/session', asking)),
    signIn: async (name: string, password: string) =>
      keepCsrf(await http.post<wire.Session>('/session', { name, password })),
    signInByLink: async (token: string) =>
      keepCsrf(await http.post<wire.Session>('/session/link', { token })),
    signOut: async () => {
      await http.delete<void>('/session');
      http.setCsrf('');
    },

    // People and tokens
    people: (ask?: PageAsk) => page<wire.Person>('/people', ask),
    addPerson: (person: wire.NewPerson) =>
      http.post<{ person: wire.Person; link: string }>('/people', person),
    changePerson: (person: string, change: wire.PersonChange) =>
      http.patch<wire.Person>(`/people/${id(person)}`, change),
    personLink: (person: string) => http.post<{ link: string }>(`/people/${id(person)}/link`),
    tokens: (ask?: PageAsk) => page<wire.Token>('/tokens', ask),
    addToken: (name: string, days: number) =>
      http.post<{ token: wire.Token; secret: string }>('/tokens', { name, days }),
    deleteToken: (token: string) => http.delete<void>(`/tokens/${id(token)}`),

    // Projects
    templates: (asking?: Asking) =>
      http.get<{ items: wire.ProjectTemplate[] }>('/templates', asking),
    formats: (asking?: Asking) => http.get<{ items: wire.FileFormat[] }>('/formats', asking),
    readLabelConfig: (xml: string) => http.post<wire.LabelConfig>('/label-config', { xml }),
    labelConfigUrl: (project: string) => `/api/v1/projects/${id(project)}/label-config`,
    projects: (ask?: PageAsk & { archived?: boolean }) => {
      const { archived, ...rest } = ask ?? {};
      return page<wire.Project>('/projects', rest, { archived });
    },
    project: (project: string, asking?: Asking) =>
      http.get<wire.Project>(`/projects/${id(project)}`, asking),
    addProject: (project: wire.NewProject) => http.post<wire.Project>('/projects', project),
    changeProject: (project: string, change: wire.ProjectChange) =>
      http.patch<wire.Project>(`/projects/${id(project)}`, change),
    renamings: (project: string, schema: wire.Schema) =>
      http.post<{ items: wire.Renaming[] }>(`/projects/${id(project)}/renamings`, { schema }),
    progress: (project: string, asking?: Asking) =>
      http.get<wire.Progress>(`/projects/${id(project)}/progress`, asking),

    // In and out
    newUpload: (project: string, asking?: Asking) =>
      http.post<{ upload: string }>(`/projects/${id(project)}/uploads`, undefined, asking),
    uploadFile: (
      project: string,
      upload: string,
      name: string,
      bytes: Blob,
      options?: UploadOptions,
    ) =>
      http.upload<{ name: string; bytes: number }>(
        `/projects/${id(project)}/uploads/${id(upload)}/files`,
        { name },
        bytes,
        options,
      ),
    startImport: (project: string, upload: string, options: wire.ImportOptions) =>
      http.post<wire.Job>(`/projects/${id(project)}/imports`, { upload, options }),
    exportUrl: (
      project: string,
      ask: { format: string; decided: boolean; drafts: boolean; images: boolean },
    ) => http.url(`/projects/${id(project)}/export`, ask),

    // Jobs
    jobs: (project: string, ask?: PageAsk) => page<wire.Job>(`/projects/${id(project)}/jobs`, ask),
    job: (job: string, asking?: Asking) => http.get<wire.Job>(`/jobs/${id(job)}`, asking),
    cancelJob: (job: string) => http.post<wire.Job>(`/jobs/${id(job)}/cancel`),
    retryJob: (job: string) => http.post<wire.Job>(`/jobs/${id(job)}/retry`),
    verdicts: (job: string, ask?: PageAsk) =>
      page<wire.RowVerdict>(`/jobs/${id(job)}/verdicts`, ask),

    // Tasks
    tasks: (project: string, which: { filter?: string; sort?: string }, ask?: PageAsk) =>
      page<wire.TaskRow>(`/projects/${id(project)}/tasks`, ask, which),
    countTasks: (project: string, filter: string, asking?: Asking) =>
      http.get<wire.TaskCount>(`/projects/${id(project)}/tasks/count`, {
        ...asking,
        query: { filter },
      }),
    filterFields: (asking?: Asking) =>
      http.get<{ items: wire.FilterField[] }>('/filter-fields', asking),
    views: (project: string, asking?: Asking) =>
      http.get<{ items: wire.TaskView[] }>(`/projects/${id(project)}/views`, asking),
    addView: (project: string, view: Omit<wire.TaskView, 'id' | 'created'>) =>
      http.post<wire.TaskView>(`/projects/${id(project)}/views`, view),
    changeView: (view: string, change: Partial<Omit<wire.TaskView, 'id' | 'created'>>) =>
      http.patch<wire.TaskView>(`/views/${id(view)}`, change),
    deleteView: (view: string) => http.delete<void>(`/views/${id(view)}`),
    task: (task: string, asking?: Asking) =>
      http.get<wire.TaskDetail>(`/tasks/${id(task)}`, asking),
    similar: (task: string, filter: string, limit: number, asking?: Asking) =>
      http.get<wire.SimilarTasks>(`/tasks/${id(task)}/similar`, {
        ...asking,
        query: { filter, limit },
      }),
    prepareSimilar: (project: string) =>
      http.post<wire.Job>(`/projects/${id(project)}/similar/prepare`),
    mediaUrl: (media: string) => http.url(`/media/${id(media)}`),
    thumbnailUrl: (media: string, side = 256) =>
      http.url(`/media/${id(media)}/thumbnail`, { side }),
    comments: (task: string, ask?: PageAsk) =>
      page<wire.Comment>(`/tasks/${id(task)}/comments`, ask),
    comment: (task: string, text: string) =>
      http.post<wire.Comment>(`/tasks/${id(task)}/comments`, { text }),

    colleagues: (project: string, search: string, asking?: Asking) =>
      http.get<{ items: wire.Colleague[] }>(`/projects/${id(project)}/people`, {
        ...asking,
        query: { search },
      }),

    // Notifications
    notifications: (cursor: string | null, asking?: Asking) =>
      http.get<wire.Notifications>('/notifications', { ...asking, query: { cursor, limit: 20 } }),
    /** What came since; null when nothing did. `etag` is that of the last answer to the same ask. */
    notificationsSince: (after: string, etag: string, asking?: Asking) =>
      http.getChanged<wire.Notifications>('/notifications', etag, { ...asking, query: { after } }),
    readNotifications: (which: { up_to: string } | { only: string }) =>
      http.post<{ unread: number }>('/notifications/read', which),
    notificationChoices: (asking?: Asking) =>
      http.get<{ kinds: wire.NotificationChoice[] }>('/notifications/choices', asking),
    chooseNotifications: (kinds: wire.NotificationChoice[]) =>
      http.put<{ kinds: wire.NotificationChoice[] }>('/notifications/choices', { kinds }),

    // The live board
    live: (project: string, asking?: Asking) =>
      http.get<wire.LiveBoard>(`/projects/${id(project)}/live`, asking),
    takeBack: (project: string, person: string) =>
      http.post<{ changed: number }>(`/projects/${id(project)}/take-back`, { person }),

    // Several people on one project
    disputes: (project: string, ask?: PageAsk) =>
      page<wire.Dispute>(`/projects/${id(project)}/disputes`, ask),
    decideDispute: (task: string, verdict: wire.Verdict) =>
      http.post<wire.Annotation>(`/tasks/${id(task)}/verdict`, verdict),
    takeVerdictBack: (task: string) => http.delete<void>(`/tasks/${id(task)}/verdict`),
    sendBack: (task: string, comment: string) =>
      http.post<void>(`/tasks/${id(task)}/send-back`, { comment }),
    assign: (project: string, tasks: string[], person: string) =>
      http.post<wire.Assigned>(`/projects/${id(project)}/assign`, { tasks, person }),
    /** All that match, 10,000 at a time from `cursor` on. */
    assignMatching: (project: string, filter: string, cursor: string, person: string) =>
      http.post<wire.Assigned>(`/projects/${id(project)}/assign`, { filter, cursor, person }),
    guidelineChange: (project: string, asking?: Asking) =>
      http.get<{ change: wire.GuidelineChange | null }>(
        `/projects/${id(project)}/guideline-change`,
        asking,
      ),

    // What looks wrong
    findings: (project: string, ask: wire.FindingAsk, asking?: Asking) =>
      http.get<wire.FindingPage>(`/projects/${id(project)}/findings`, {
        ...asking,
        query: { ...ask },
      }),
    findingSummary: (project: string, asking?: Asking) =>
      http.get<wire.FindingSummary>(`/projects/${id(project)}/findings/summary`, asking),
    checkFindings: (project: string) =>
      http.post<wire.Job>(`/projects/${id(project)}/findings/check`),
    decideFindings: (
      project: string,
      findings: readonly string[],
      verdict: wire.FindingVerdict,
      reason: string,
    ) =>
      http.post<wire.FindingsDecided>(`/projects/${id(project)}/findings/decide`, {
        findings,
        verdict,
        reason,
      }),
    mendFindings: (project: string, findings: readonly string[]) =>
      http.post<wire.FindingsDecided>(`/projects/${id(project)}/findings/fix`, { findings }),
    mendAnswer: (task: string, regions: readonly wire.Region[]) =>
      http.post<wire.MendedAnswer>(`/tasks/${id(task)}/mend`, { regions }),
    undoFindings: (project: string, findings: readonly string[]) =>
      http.post<wire.FindingsUndone>(`/projects/${id(project)}/findings/undo`, { findings }),

    // Gold tasks and onboarding
    gold: (project: string, ask?: PageAsk) =>
      page<wire.GoldRow>(`/projects/${id(project)}/gold`, ask),
    markGold: (project: string, tasks: string[]) =>
      http.post<{ changed: number }>(`/projects/${id(project)}/gold`, { tasks }),
    withdrawGold: (project: string, tasks: string[], reason: string) =>
      http.post<{ changed: number }>(`/projects/${id(project)}/gold/withdraw`, { tasks, reason }),
    standings: (project: string, asking?: Asking) =>
      http.get<{ items: wire.Standing[] }>(`/projects/${id(project)}/standings`, asking),
    feedback: (project: string, annotation: string) =>
      http.post<wire.Feedback>(`/projects/${id(project)}/onboarding/feedback`, { annotation }),
    letPass: (project: string, person: string) =>
      http.post<void>(`/projects/${id(project)}/onboarding/let-pass`, { person }),
    onboardAgain: (project: string, person: string) =>
      http.post<void>(`/projects/${id(project)}/onboarding/again`, { person }),

    // Many at a time
    batchClasses: (project: string, asking?: Asking) =>
      http.get<{ items: wire.ClassTotal[] }>(`/projects/${id(project)}/batch`, asking),
    openBatch: (project: string, what: wire.ItemClass, limit: number) =>
      http.post<wire.BatchPage>(`/projects/${id(project)}/batch`, { ...what, limit }),
    acceptBatch: (project: string, what: wire.ItemClass, answer: wire.BatchAnswer, key: string) =>
      http.post<wire.BatchStand>(
        `/projects/${id(project)}/batch/accept`,
        { ...what, ...answer },
        { headers: { 'Idempotency-Key': key } },
      ),
    undoBatch: (batch: string) => http.post<wire.BatchStand>(`/batch/${id(batch)}/undo`),
    planSample: (project: string, ask: wire.SampleAsk) =>
      http.post<wire.SamplePlan>(`/projects/${id(project)}/batch/plan`, ask),
    drawSample: (project: string, ask: wire.SampleAsk) =>
      http.post<wire.BatchStand>(`/projects/${id(project)}/batch/sample`, ask),
    sampleItems: (batch: string) =>
      http.post<{ batch: wire.BatchStand; items: wire.BatchItem[] }>(`/batch/${id(batch)}/items`),
    reviewSample: (batch: string, answer: wire.BatchAnswer) =>
      http.post<wire.BatchStand>(`/batch/${id(batch)}/review`, answer),
    acceptRest: (batch: string) => http.post<wire.BatchStand>(`/batch/${id(batch)}/rest`),

    // The desk. `key` makes a retry exact: the same key gets the same reply.
    next: (project: string, count: number, asking?: Asking) =>
      http.post<wire.NextTasks>(`/projects/${id(project)}/next`, { count }, asking),
    take: (project: string, tasks: readonly string[], asking?: Asking) =>
      http.post<wire.TakenTasks>(`/projects/${id(project)}/take`, { tasks }, asking),
    submit: (task: string, answer: wire.DeskAnswer, key: string, asking?: Asking) =>
      http.post<wire.DeskReply>(`/tasks/${id(task)}/annotations`, answer, {
        ...asking,
        headers: { 'Idempotency-Key': key },
      }),
    skip: (task: string, skip: wire.DeskSkip, key: string, asking?: Asking) =>
      http.post<wire.DeskReply>(`/tasks/${id(task)}/skip`, skip, {
        ...asking,
        headers: { 'Idempotency-Key': key },
      }),
    undo: (annotation: string) =>
      http.post<{ task: wire.DeskTask }>(`/annotations/${id(annotation)}/undo`),
    recent: (project: string, limit = 10, asking?: Asking) =>
      http.get<{ items: wire.Annotation[] }>(`/projects/${id(project)}/recent`, {
        ...asking,
        query: { limit },
      }),
    saveWork: (task: string, assignment: string, work: unknown, asking?: Asking) =>
      http.put<void>(`/tasks/${id(task)}/work`, { assignment, work }, asking),
    assist: (task: string, ask: wire.AssistAsk, asking?: Asking) =>
      http.post<wire.AssistReply>(`/tasks/${id(task)}/assist`, ask, asking),
    nameVoices: (task: string, ask: wire.VoicesAsk, asking?: Asking) =>
      http.post<wire.VoicesReply>(`/tasks/${id(task)}/voices`, ask, asking),
    timeWords: (task: string, texts: readonly wire.TextToTime[], asking?: Asking) =>
      http.post<wire.TimesReply>(`/tasks/${id(task)}/times`, { texts }, asking),
    cueModels: (project: string, asking?: Asking) =>
      http.get<{ items: wire.CueModel[] }>(`/projects/${id(project)}/cue-models`, asking),
    cue: (task: string, ask: wire.CueAsk, asking?: Asking) =>
      http.post<wire.CueReply>(`/tasks/${id(task)}/cue`, ask, asking),
    renew: (assignment: string) =>
      http.post<{ until: number }>(`/assignments/${id(assignment)}/renew`),
    release: (project: string) => http.post<void>(`/projects/${id(project)}/release`),

    // Models
    modelKinds: (project: string, asking?: Asking) =>
      http.get<{ items: wire.ModelKind[] }>(`/projects/${id(project)}/model-kinds`, asking),
    models: (project: string, asking?: Asking) =>
      http.get<{ items: wire.ModelView[] }>(`/projects/${id(project)}/models`, asking),
    addModel: (project: string, kind: string, name: string, config: unknown) =>
      http.post<{ id: string }>(`/projects/${id(project)}/models`, { kind, name, config }),
    changeModel: (model: string, change: wire.ModelChange) =>
      http.patch<unknown>(`/models/${id(model)}`, change),
    setModelSecret: (model: string, name: string, value: string) =>
      http.put<{ items: wire.ModelSecret[] }>(`/models/${id(model)}/secrets`, { name, value }),
    planRun: (project: string, model: string, sample: number) =>
      http.post<wire.RunPlan>(`/projects/${id(project)}/models/${id(model)}/plan`, { sample }),
    modelPrompt: (model: string, task: string, config: Record<string, unknown> | null) =>
      http.post<wire.ShownPrompt>(`/models/${id(model)}/prompt`, {
        task,
        ...(config && { config }),
      }),
    modelTrial: (model: string, count: number, config: Record<string, unknown> | null) =>
      http.post<wire.Trial>(`/models/${id(model)}/trial`, { count, ...(config && { config }) }),
    compareWays: (model: string, ask: wire.CompareAsk) =>
      http.post<wire.Job>(`/models/${id(model)}/comparisons`, ask),
    uploadModelFile: (project: string, file: File, onProgress: (bytes: number) => void) =>
      http.upload<wire.ModelFile>(
        `/projects/${id(project)}/model-files`,
        { name: file.name },
        file,
        { onProgress },
      ),
    modelQuality: (project: string, assisted: boolean, asking?: Asking) =>
      http.get<{ items: wire.ModelQuality[] }>(
        `/projects/${id(project)}/models/quality${assisted ? '?assisted=1' : ''}`,
        asking,
      ),
    draftNow: (model: string) => http.post<wire.Job>(`/models/${id(model)}/draft`),
    modelVersions: (model: string, asking?: Asking) =>
      http.get<{ items: wire.ModelVersion[] }>(`/models/${id(model)}/versions`, asking),
    tryModel: (model: string, task: string) =>
      http.post<{ draft: wire.Draft }>(`/models/${id(model)}/try`, { task }),

    // Webhooks
    webhooks: (project: string, asking?: Asking) =>
      http.get<{ items: wire.Webhook[] }>(`/projects/${id(project)}/webhooks`, asking),
    addWebhook: (project: string, hook: wire.NewWebhook) =>
      http.post<{ webhook: wire.Webhook; secret: string }>(
        `/projects/${id(project)}/webhooks`,
        hook,
      ),
    changeWebhook: (hook: string, change: { enabled?: boolean; url?: string; kinds?: string[] }) =>
      http.patch<wire.Webhook>(`/webhooks/${id(hook)}`, change),
    removeWebhook: (hook: string) => http.delete<void>(`/webhooks/${id(hook)}`),
    pingWebhook: (hook: string) => http.post<wire.WebhookDelivery>(`/webhooks/${id(hook)}/ping`),
    deliveries: (hook: string, asking?: Asking) =>
      http.get<{ items: wire.WebhookDelivery[] }>(`/webhooks/${id(hook)}/deliveries`, {
        ...asking,
        query: { limit: 100 },
      }),

    // History
    events: (project: string, ask?: PageAsk) =>
      page<wire.Event>(`/projects/${id(project)}/events`, ask),
    verify: (project: string, asking?: Asking) =>
      http.get<{ events: number; ok: boolean }>(`/projects/${id(project)}/verify`, asking),
  };
}

export type Api = ReturnType<typeof makeApi>;
