// What somebody dropped or chose, as a flat list of files with their paths below the dropped folder.

export interface PickedFile {
  /** Relative, forward slashes: "photos/street/1.jpg". */
  name: string;
  file: File;
}

export interface Picked {
  files: PickedFile[];
  /** Files of the operating system that nobody means to import. */
  left: number;
}

const leftovers =
  /(^|\/)(\.DS_Store|Thumbs\.db|desktop\.ini|\._[^/]*|__MACOSX(\/.*)?|\.git(\/.*)?)$/i;

export const isLeftover = (name: string): boolean => leftovers.test(name);

// A reader gives a folder in pieces (Chromium: 100 entries a call) and an empty piece at the end.
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const piece = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (piece.length === 0) return all;
    all.push(...piece);
  }
}

const fileOf = (entry: FileSystemFileEntry): Promise<File> =>
  new Promise((resolve, reject) => entry.file(resolve, reject));

/** Walks dropped entries, folders first to last by name. `found` hears how many files there are so far. */
export async function walkEntries(
  roots: FileSystemEntry[],
  found: (files: number) => void = () => {},
): Promise<Picked> {
  const picked: Picked = { files: [], left: 0 };
  const visit = async (entry: FileSystemEntry, path: string): Promise<void> => {
    const name = path ? `${path}/${entry.name}` : entry.name;
    if (isLeftover(name)) {
      picked.left += 1;
    } else if (entry.isDirectory) {
      const entries = await entriesOf(entry as FileSystemDirectoryEntry);
      entries.sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
      for (const each of entries) await visit(each, name);
    } else {
      picked.files.push({ name, file: await fileOf(entry as FileSystemFileEntry) });
      found(picked.files.length);
    }
  };
  for (const root of roots) await visit(root, '');
  return picked;
}

/** What came with a drop. Entries must be taken before the event handler returns, hence at once. */
export function walkDrop(data: DataTransfer, found?: (files: number) => void): Promise<Picked> {
  const entries = [...data.items]
    .map((dropped) => dropped.webkitGetAsEntry())
    .filter((entry): entry is FileSystemEntry => entry !== null);
  return entries.length > 0
    ? walkEntries(entries, found)
    : Promise.resolve(fromFileList(data.files));
}

/** Files of an <input type="file">, with or without webkitdirectory. */
export function fromFileList(list: Iterable<File>): Picked {
  const picked: Picked = { files: [], left: 0 };
  for (const file of list) {
    const name = file.webkitRelativePath || file.name;
    if (isLeftover(name)) picked.left += 1;
    else picked.files.push({ name, file });
  }
  return picked;
}

export const bytesOf = (files: PickedFile[]): number =>
  files.reduce((sum, { file }) => sum + file.size, 0);
