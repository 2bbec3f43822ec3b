// What an import says when it has ended.
import type { ImportReport, Job } from '../../api/types';
import { t } from '../../messages';

/** The report of an import job, or null for other jobs and imports that have not come so far. */
export function reportOf(job: Job): ImportReport | null {
  const result = job.result;
  return job.kind === 'import' && result && typeof result.rows === 'number'
    ? (result as unknown as ImportReport)
    : null;
}

export function reportSentence(report: ImportReport): string {
  const parts = [
    t('report.added', { n: report.added }),
    report.unchanged > 0 ? t('report.unchanged', { n: report.unchanged }) : '',
    report.repaired > 0 ? t('report.repaired', { n: report.repaired }) : '',
    report.rejected > 0 ? t('report.rejected', { n: report.rejected }) : '',
    report.drafts > 0 ? t('report.drafts', { n: report.drafts }) : '',
    report.labels > 0 ? t('report.labels', { n: report.labels }) : '',
  ];
  return parts.filter(Boolean).join(', ');
}
