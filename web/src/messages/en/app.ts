// The frame: what every screen says, navigation, signing in.
export const app = {
  'app.name': 'Countersign',
  'app.tagline': 'AI drafts. People countersign. The data proves it.',
  'app.skip': 'Skip to the content',
  'app.broken': 'This page failed',
  'app.lost':
    'The server cannot be reached. This page shows what it knew; it goes on by itself when the server answers.',
  'app.chunk_title': 'Part of the page is missing',
  'app.chunk':
    'It could not be loaded: the server was updated or cannot be reached. Reload the page.',

  'common.again': 'Try again',
  'common.back': 'Back',
  'common.cancel': 'Cancel',
  'common.close': 'Close',
  'common.copied': 'Copied',
  'common.copy': 'Copy',
  'common.csv': 'Download as CSV',
  'common.discard': 'Discard',
  'common.dismiss': 'Dismiss',
  'common.loading': 'Loading…',
  'common.more': 'Show more',
  'common.no': 'No',
  'common.save': 'Save',
  'common.yes': 'Yes',

  'nav.account': 'Your account',
  'nav.account_of': 'Account of {name}',
  'nav.all_projects': 'All projects',
  'nav.batch': 'Batch',
  'nav.disputes': 'Disputes',
  'nav.export': 'Export',
  'nav.help': 'Keys and commands',
  'nav.history': 'History',
  'nav.home': 'Countersign: all projects',
  'nav.import': 'Import',
  'nav.jobs': 'Jobs',
  'nav.label': 'Label',
  'nav.live': 'Live',
  'nav.models': 'Models',
  'nav.overview': 'Overview',
  'nav.palette': 'Commands',
  'nav.people': 'People',
  'nav.project': 'Screens of {name}',
  'nav.schema': 'Schema',
  'nav.settings': 'Settings',
  'nav.sign_out': 'Sign out',
  'nav.switch': 'Project {name}: switch',
  'nav.tasks': 'Tasks',

  'theme.title': 'Colours',
  'theme.system': 'As the system',
  'theme.light': 'Light',
  'theme.dark': 'Dark',

  'notfound.title': 'There is no such page',
  'notfound.project': 'This project cannot be opened',
  'notfound.text': 'Nothing lives at {path}. The link may be old, or mistyped.',

  'notallowed.title': 'Your role does not open this page',
  'notallowed.text':
    'It needs the role {role} or a higher one. Ask an admin to change your role on the People page.',

  'signin.title': 'Sign in',
  'signin.name': 'Name',
  'signin.password': 'Password',
  'signin.submit': 'Sign in',
  'signin.busy': 'Signing in…',
  'signin.wait': 'Try again in {seconds} s',
  'signin.help':
    'No password yet? Ask an admin for a one-time link, or print one with “countersign person link”.',
  'signin.by_link':
    'You are signed in. The link is used up: set a password on your account page to come back.',
  'signin.again': 'Sign in again',
  'signin.again_text':
    'Your session has ended. Sign in to go on: nothing on this page is lost, and what waits is sent then.',
  'signin.expired': 'You are signed out. What you do now is not saved.',
} as const;
